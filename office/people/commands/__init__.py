"""What changes the organization. Each command leaves an event; nothing is deleted."""

from engine.bus import Handler
from office.people.commands import (
    agencies,
    clearances,
    committees,
    departures,
    holdings,
    imports,
    instruments,
    leaves,
    persons,
    positions,
    process_grants,
    roles,
    transfers,
    units,
)
from office.people.commands.agencies import ChangeAgency, FoundAgency
from office.people.commands.clearances import GrantClearance, WithdrawClearance
from office.people.commands.committees import SeatMember
from office.people.commands.departures import HandOnTasks, LetGo
from office.people.commands.holdings import AssignPosition, EndHolding, HandOver
from office.people.commands.imports import ApplyTable, BringTable, DropTable
from office.people.commands.instruments import RecordInstrument, RevokeInstrument
from office.people.commands.leaves import CancelLeave, RecordLeave
from office.people.commands.persons import AddPerson, ChangePerson, ChooseLanguage
from office.people.commands.positions import AddPosition, ChangePosition
from office.people.commands.process_grants import EndProcessGrant, GrantProcess
from office.people.commands.roles import AddRole, ChangeRole, EndRole, GrantRole
from office.people.commands.transfers import ImportTable, Rehearsed
from office.people.commands.units import AddUnit, ChangeUnit

__all__ = [
    "AddPerson",
    "AddPosition",
    "AddRole",
    "AddUnit",
    "ApplyTable",
    "AssignPosition",
    "BringTable",
    "CancelLeave",
    "ChangeAgency",
    "ChangePerson",
    "ChangePosition",
    "ChangeRole",
    "ChangeUnit",
    "ChooseLanguage",
    "DropTable",
    "EndHolding",
    "EndProcessGrant",
    "EndRole",
    "FoundAgency",
    "GrantClearance",
    "GrantProcess",
    "GrantRole",
    "HandOnTasks",
    "HandOver",
    "ImportTable",
    "LetGo",
    "RecordInstrument",
    "RecordLeave",
    "Rehearsed",
    "RevokeInstrument",
    "SeatMember",
    "WithdrawClearance",
]

HANDLERS: dict[type, Handler] = {
    **agencies.HANDLERS,
    **units.HANDLERS,
    **positions.HANDLERS,
    **persons.HANDLERS,
    **departures.HANDLERS,
    **holdings.HANDLERS,
    **committees.HANDLERS,
    **process_grants.HANDLERS,
    **roles.HANDLERS,
    **clearances.HANDLERS,
    **instruments.HANDLERS,
    **leaves.HANDLERS,
    **transfers.HANDLERS,
    **imports.HANDLERS,
}
