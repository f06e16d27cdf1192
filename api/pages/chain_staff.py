"""Who would get each card of a chain today, and why nobody would: before it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.mending import page_of
from api.pages.chain_trial import named_in, people_said, warning
from api.pages.chain_view import said
from api.pages.desk import actor, db, now, system
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from office.chains.looking import StoredLook
from office.chains.model import Chain
from office.chains.staff_words import CONSEQUENCES, DEPENDS
from office.chains.staffing import Lack, Staffed, staffed
from office.foreseen.values import Warned
from office.people.shortfalls import told


@dataclass(frozen=True, slots=True)
class Reason:
    """Why nobody acts for one of those named, what to do, and the page on which the reader can."""

    why: str
    mend: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """`step`: the card's id, empty for the start. `who`: today's names, or what they depend on."""

    step: str
    who: str
    consequence: str = ""
    reasons: Sequence[Reason] = ()
    #: of whom a proof is demanded that they cannot give yet
    unproven: str = ""
    #: for whom of several it would wait, until when, and who acts for them elsewhere
    waiting: Sequence[str] = ()


def staff(chain: Chain, path: str) -> list[Staff]:
    """Of every card that people do, and of the start where nobody can. `path`: the chain's page."""
    services = system().services
    look = StoredLook(db(), actor().agency_id, now(), services.directory, services.calendars)
    found = staffed(chain, look)
    meet(name for one in found for name in (*one.able, *named_in(one.waiting)))
    return [_staff(one, look, path) for one in found]


def _staff(one: Staffed, look: StoredLook, path: str) -> Staff:
    names = people_said(one, look)
    who = said(DEPENDS[one.depends]) if one.depends else names and _("วันนี้: %(who)s", who=names)
    consequence = said(CONSEQUENCES[one.consequence]) if one.consequence else ""
    card = f"{path}?step={one.step.id}#panel" if one.step else f"{path}?settings=1#panel"
    reasons = [_reason(lack, card) for lack in one.lacks]
    unproven = warning(Warned("unprovable", ", ".join(one.unproven)), look) if one.unproven else ""
    waiting = [warning(each, look) for each in one.waiting]
    return Staff(one.step.id if one.step else "", who, consequence, reasons, unproven, waiting)


def _reason(lack: Lack, card: str) -> Reason:
    name = lack.standing.name_en if language() == "en" else lack.called
    why, mend = told(lack.kind, lack.why, name or lack.called)
    page = page_of(lack.standing, lack.why)
    if page and not actor().may("people"):
        return Reason(said(why), said(mend))  # whoever keeps people does it
    return Reason(said(why), said(mend), page or card)
