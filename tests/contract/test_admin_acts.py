"""Whatever somebody in charge can do has a page, a call and an entry in a history.

Read off the code: which commands each form of the pages and each call of the REST interface can
carry out, and which words each command's handler may write into a history.
"""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from api import bootstrap
from api.pages import words
from api.pages.admin import said

ROOT = Path(__file__).parents[2]
HANDLERS = bootstrap.all_handlers()
COMMANDS = {command.__name__: command for command in HANDLERS}
#: where what is written into a history is written
ROOMS = ("office", "engine/commands", "api/archiving")

#: command -> the type of its entry. Many write more; this one must be there.
TOLD: Mapping[str, str] = {
    # agency, units, posts, people
    "ChangeAgency": "agency.changed",
    "SetUpAgency": "agency.founded",
    "FoundBeside": "house.founded",
    "InviteBeside": "house.invited",
    "AddUnit": "unit.added",
    "ChangeUnit": "unit.changed",
    "AddPosition": "position.added",
    "ChangePosition": "position.changed",
    "AssignPosition": "holding.began",
    "HandOver": "holding.began",
    "SeatMember": "holding.began",
    "EndHolding": "holding.ended",
    "AddPerson": "person.added",
    "ChangePerson": "person.changed",
    "HandOnTasks": "person.tasks_handed_on",
    "LetGo": "person.left",
    "ImportTable": "table.imported",
    "BringTable": "table.brought",
    "ApplyTable": "table.confirmed",
    "DropTable": "table.dropped",
    # roles, permissions, clearances, orders, leaves
    "AddRole": "role.added",
    "ChangeRole": "role.changed",
    "GrantRole": "role.granted",
    "EndRole": "role.ended",
    "GrantProcess": "permission.granted",
    "EndProcessGrant": "permission.ended",
    "GrantClearance": "clearance.granted",
    "WithdrawClearance": "clearance.withdrawn",
    "RecordInstrument": "instrument.recorded",
    "RevokeInstrument": "instrument.revoked",
    "RecordLeave": "leave.recorded",
    "CancelLeave": "leave.cancelled",
    # accounts and sign-in
    "CreateAccount": "account.created",
    "UnlockAccount": "account.unlocked",
    "OpenReset": "account.reset_requested",
    "RemoveFactor": "factor.removed",
    "RemovePasskey": "passkey.removed",
    "RevokeSession": "session.revoked",
    "RevokeSessions": "session.revoked",
    "LinkIdentity": "identity.linked",
    "UnlinkIdentity": "identity.unlinked",
    "RevokeToken": "token.revoked",
    "RevokeTokens": "token.revoked",
    "ChangeProvider": "provider.changed",
    "CompelSecondFactor": "factor.compelled",
    # time, letters, trust, keys
    "AddCalendar": "calendar.added",
    "ChangeCalendar": "calendar.changed",
    "SetDay": "calendar.day_set",
    "RemoveDay": "calendar.day_removed",
    "ImportHolidays": "calendar.imported",
    "CountCircularsApart": "numbering.changed",
    "StartBook": "numbering.started",
    "SettleNumber": "number.settled",
    "VoidNumber": "number.voided",
    "SetLetterhead": "letterhead.changed",
    "SetEmblem": "emblem.changed",
    "SetGreetings": "greetings.reworded",
    "SetGreetingRows": "greetings.rows_changed",
    "NameHonoured": "greetings.changed",
    "ChooseSigningMethods": "signing_methods.chosen",
    "TakeSecretLetters": "secret_letters.chosen",
    "AddTrust": "trust.added",
    "RemoveTrust": "trust.removed",
    "RevokeKey": "key.revoked",
    "RetireKey": "key.retired",
    "RevokeSeal": "seal.revoked",
    "GrantSeal": "seal.granted",
    "SaveConnector": "connector.changed",
    "RemoveConnector": "connector.removed",
    # chains, models, versions
    "CreateChain": "chain.created",
    "BeginChain": "chain.created",
    "OpenChain": "chain.renewed",  # over a draft; the first time, as CreateChain
    "SaveChain": "chain.changed",
    "StepBack": "chain.undone",
    "StepForward": "chain.redone",
    "PublishChain": "chain.published",
    "DrawChain": "chain.drawn",
    "DiscardChain": "chain.discarded",
    "CreateModel": "model.created",
    "ImportModel": "model.created",
    "OpenModel": "model.created",
    "BeginFromTemplate": "model.created",
    "SaveModel": "model.changed",
    "AddModelFiles": "model.file_added",
    "ChangeRules": "model.changed",
    "BeginModelFile": "model.file_added",
    "RemoveModelFile": "model.file_removed",
    "PublishModel": "model.published",
    "DiscardModel": "model.discarded",
    "SaveTemplate": "template.saved",
    "KeepTemplate": "template.saved",
    "RemoveTemplate": "template.removed",
    "WithdrawDefinition": "definition.withdrawn",
    "RestoreDefinition": "definition.restored",
    "DeleteDefinition": "definition.deleted",
    # cases and machine work
    "StartInstance": "instance.started",
    "CancelInstance": "instance.cancelled",
    "RetryJob": "incident.resolved",
    "SkipJob": "job.skipped",
    "RetryIncident": "incident.resolved",
    "SendMessage": "message.sent",
    "TellFacts": "facts.told",
    "FireLate": "timer.fired",
    "ReassignInUnit": "task.reassigned",
    "RunArchiving": "archive.asked",
    "HoldCase": "case.held",
    "ReleaseCase": "case.released",
}
#: told by rows of its own that are never changed, which a page shows
OWN_HISTORY: Mapping[str, str] = {
    "Deploy": "deployments: the versions of a process, each with who brought it",
    "SetArchivePolicy": "archive_policy: the page of the archive",
    "StartDestruction": "its case",
    "CheckMigration": "migration_batch: asks, and changes nothing",
    "CarryOutMigration": "migration_batch: its page; each case tells what a job did with it",
    "ChooseInstances": "migration_batch: its page tells what became of each; nothing migrates yet",
    "UndoBatch": "migration_batch, likewise",
}
#: forms of pages for those in charge; all others are everybody's own work or account
IN_CHARGE = (
    "/admin", "/archived", "/chains", "/definitions", "/designer", "/incidents", "/instances",
    "/migrations", "/operations", "/people", "/unit-load",
)  # fmt: skip
#: forms whose call carries out the same act by other commands, or by a function of both: the call
OTHERWISE: Mapping[str, str] = {
    "/admin/agencies": "post /agencies",
    "/admin/agencies/<code>/invite": "post /agencies/{code}/invitations",
    "/admin/connectors/<code>/try": "post /connectors/{code}/try",
    "/admin/seal/enrol": "post /agency-seal/keys",
    "/admin/seal/import": "post /agency-seal/keys/import",
    "/admin/seal/token": "post /agency-seal/keys/token",
    "/admin/seal/remote": "post /agency-seal/keys/service",
    "/admin/sign-in": "post /sign-in-providers",
    "/admin/sign-in/<provider_id>": "put /sign-in-providers/{provider_id}",
    "/admin/sign-in/<provider_id>/<what>": "put /sign-in-providers/{provider_id}",
    "/people/<person_id>/tokens": "post /api-tokens",
    "/chains/<chain_id>/try": "post /approval-chains/{chain_id}/try",
    "/definitions/<definition_id>/form": "get /process-definitions/{definition_id}",
    "/designer/<model_draft_id>/decisions/<path:file>": "put /model-drafts/{model_draft_id}/file",
    "/designer/<model_draft_id>/decisions/<path:file>/try": "post /decisions/evaluate",
    "/designer/<model_draft_id>/play": "post /model-drafts/{model_draft_id}/play",
}


@dataclass(frozen=True)
class Function:
    """What one function names, and the texts in it."""

    names: frozenset[str]
    texts: frozenset[str]


Functions = Mapping[str, tuple[Function, ...]]


def read(node: ast.FunctionDef) -> Function:
    every = list(ast.walk(node))
    names = frozenset(one.id for one in every if isinstance(one, ast.Name))
    constants = (one.value for one in every if isinstance(one, ast.Constant))
    return Function(names, frozenset(one for one in constants if isinstance(one, str)))


@cache
def rooms() -> Functions:
    """Every function of the rooms by its name; those of one name are taken together."""
    found: dict[str, tuple[Function, ...]] = defaultdict(tuple)
    for path in sorted(one for room in ROOMS for one in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                found[node.name] += (read(node),)
    return found


def reached(start: Function, known: Functions, *, handlers: bool = False) -> set[Function]:
    """A function and all that it names; with `handlers`, those of the commands too."""
    todo, seen = [start], {start}
    while todo:
        for name in todo.pop().names:
            more = [*known.get(name, ())]
            if handlers and name in COMMANDS:
                more += known.get(HANDLERS[COMMANDS[name]].__name__, ())
            todo += [one for one in more if one not in seen]
            seen.update(more)
    return seen


def views(folder: str) -> Iterator[tuple[str, frozenset[str]]]:
    """(address of a form, commands that it can carry out)."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        tree = ast.parse(path.read_text())
        defined = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
        own = {one.name: (read(one),) for one in defined}
        texts = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for view in defined:
            for rule in (one for each in view.decorator_list for one in _rules(each, texts)):
                (whole,) = own[view.name]
                names = chain.from_iterable(one.names for one in reached(whole, own))
                yield rule, frozenset(names) & COMMANDS.keys()


def _rules(decorator: ast.expr, texts: Mapping[str, object]) -> Iterator[str]:
    verb = getattr(getattr(decorator, "func", None), "attr", None)
    if isinstance(decorator, ast.Call) and verb in {"post", "put", "delete"} and decorator.args:
        yield "".join(str(part) for part in _parts(decorator.args[0], texts))


def _parts(node: ast.expr, texts: Mapping[str, object]) -> Iterator[object]:
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.Name):
        yield texts.get(node.id, "?")
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _parts(part.value if isinstance(part, ast.FormattedValue) else part, texts)


@cache
def forms() -> Mapping[str, frozenset[str]]:
    return {rule: asked for rule, asked in views("api/pages") if rule.startswith(IN_CHARGE)}


@cache
def called() -> frozenset[str]:
    """The commands that the calls of the REST interface carry out."""
    return frozenset(chain.from_iterable(asked for _rule, asked in views("api/rest")))


def in_charge() -> list[str]:
    return sorted({*chain.from_iterable(forms().values())})


def test_the_pages_are_read() -> None:
    assert len(forms()) > 90
    assert "ChangeUnit" in forms()["/admin/units/<code>/close"]  # by a function of its module


@pytest.mark.parametrize("rule", sorted(forms()))
def test_each_form_has_a_call(rule: str, operations: frozenset[str]) -> None:
    if rule in OTHERWISE:
        assert OTHERWISE[rule] in operations
        return
    assert forms()[rule], f"Expected a command behind {rule}, or its call in OTHERWISE."
    assert not forms()[rule] - called(), f"Expected a call for what {rule} does."


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    from api.app import create_app
    from api.settings import Settings

    settings = Settings(home=tmp_path_factory.mktemp("home"), secret="of the tests").resolved()
    app = create_app(bootstrap.build(settings, bell=False))
    document = app.test_client().get("/api/v1/openapi.json").json or {}
    return frozenset(
        f"{verb} {path.removeprefix('/api/v1')}"
        for path, verbs in document["paths"].items()
        for verb in verbs
    )


@pytest.mark.parametrize("name", in_charge())
def test_each_act_is_told(name: str) -> None:
    if name in OWN_HISTORY:
        return
    assert name in TOLD, f"Expected the entry that {name} writes."
    kind = TOLD[name]
    told = {**said.EVENTS, **words.EVENTS, **words.DEFINITION_EVENTS}
    assert kind in told, f"Expected words of {kind}."
    assert _writes(name, kind), f"Expected {name} to write {kind}."


def _writes(name: str, kind: str) -> bool:
    """Whether the word stands in the handler, or in what it calls; or its second half does, where
    the first is put before it.
    """
    tree = ast.parse(inspect.getsource(HANDLERS[COMMANDS[name]])).body[0]
    assert isinstance(tree, ast.FunctionDef)
    found = reached(read(tree), rooms(), handlers=True)
    texts = frozenset(chain.from_iterable(one.texts for one in found))
    return kind in texts or kind.partition(".")[2] in texts


def test_what_writes_nothing_is_noticed() -> None:
    assert not _writes("MarkRead", "role.granted")
    assert not _writes("SaveChain", "chain.published")
