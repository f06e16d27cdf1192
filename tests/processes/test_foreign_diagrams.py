"""What any designer can draw: no diagram reaches a letter, file or case outside its own, and none
asks for the house's own jobs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from processes.test_document_withdrawal import signed
from support.diagrams import bpmn, call, end, path, process, service, start
from support.ministry import Letter, Ministry

from api.bootstrap import known_actions
from api.settings import Settings
from engine.commands.deployments import Deploy
from engine.commands.instances import StartInstance
from engine.errors import DeploymentRefused
from engine.ids import new_id
from engine.models.incident import incident
from engine.models.job import job
from engine.ports import Action, JobFailed, JobInput
from engine.runtime import check
from forms.stored import StoredForms
from office.correspondence.models import register_entry
from office.documents.belonging import of_case
from office.notices.models import notice

CLERK = "thotsop"
#: Which a diagram may name though nothing holds their inputs to the case, and why.
UNBOUND = {
    "http.call": "an administrator grants the connector to the process",
    "people.find": "looks up in the directory, which every designer may name anybody of",
    "people.pass": "takes nothing",
}
#: What refuses each of the others when it is asked for another case's.
REFUSED_BY = {
    "archive.destroy": "not_asked",
    "archive.list_due": "not_asked",
    "archive.weigh": "not_asked",
    "correspondence.deliver": "not_of_case",
    "correspondence.register": "not_of_case",
    "documents.file": "not_of_case",
    "documents.seal": "not_of_case",
    "documents.tell_kept": "withdrawal_route",
    "documents.withdraw": "withdrawal_route",
}
#: Whose refusal comes from a command, which says it in its words.
IN_WORDS = {"not_asked": "Expected a destruction that was asked for"}


def actions(home: Path) -> Mapping[str, Action]:
    """All that the house has, as it is wired."""
    return known_actions(Settings(home=home).resolved())


def foreign(name: str, **inputs: str) -> bytes:
    """The least that somebody with the right to deploy can draw."""
    return bpmn(
        process("foreign", start("s"), service("x", name, **inputs), end("e"), path("s", "x", "e"))
    )


@pytest.fixture
def lax(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was deployed before the linter knew the kinds of actions."""
    monkeypatch.setattr(Action, "free_for", lambda *_: True)


def begin(ministry: Ministry, key: str = "foreign", **variables: Any) -> UUID:
    made = ministry.do(StartInstance(key, variables=variables), CLERK)
    ministry.work_off()
    return UUID(str(made["id"]))


def stopped_by(ministry: Ministry, root_id: UUID) -> tuple[str, str]:
    (one,) = ministry.rows(incident, incident.c.root_id == root_id)
    return one.code, one.message


# -- declarations -----------------------------------------------------------------------------


def test_every_action_is_declared_and_those_for_diagrams_are_bound(tmp_path: Path) -> None:
    drawn = {one.name for one in actions(tmp_path).values() if one.drawn}
    assert drawn == {*UNBOUND, *REFUSED_BY}
    for one in actions(tmp_path).values():
        assert type(one.drawn) is bool
        ids = {name for name in one.inputs if name.endswith("_id")}
        if one.drawn and ids:
            assert one.bound is not None, one.name
        if not one.drawn:
            assert (one.bound, one.route, one.judge) == (None, None, None), one.name


def test_the_linter_keeps_diagrams_from_the_house_s_own_jobs(tmp_path: Path) -> None:
    known = actions(tmp_path)
    for one in known.values():
        given = dict.fromkeys(one.required, "=1")
        files = {"foreign.bpmn": foreign(one.name, **given)}
        found = {it.code: it for it in check(files, actions=known, forms=StoredForms())}
        free = one.drawn and one.route is None
        code = "action_route" if one.drawn else "action_of_house"
        assert (code in found) != free, one.name
        if not free:
            problem = found[code]
            assert (problem.severity, problem.file, problem.element) == (
                "error", "foreign.bpmn", "x")  # fmt: skip
            assert problem.line > 0
            assert problem.mend


def test_nobody_deploys_one(ministry: Ministry) -> None:
    for name in ("documents.revoke", "documents.withdraw"):
        with pytest.raises(DeploymentRefused):
            ministry.do(Deploy({"foreign.bpmn": foreign(name, key_id="=id")}))


# -- and where one was deployed before --------------------------------------------------------


@pytest.mark.usefixtures("lax")
@pytest.mark.parametrize("name", sorted(REFUSED_BY))
def test_another_case_s_letter_is_refused(ministry: Ministry, name: str) -> None:
    made = signed(ministry)
    known = ministry.bus.services.actions[name]
    given = {"requester": "=who", "document_id": "=id", "reason": "x", "optional": "=true"}
    inputs = {key: value for key, value in given.items() if key in known.inputs}
    ministry.do(Deploy({"foreign.bpmn": foreign(name, **inputs)}))
    before = _all_of(made)
    case = begin(ministry, id=str(made.id), who=CLERK)
    code, message = stopped_by(ministry, case)
    words = IN_WORDS.get(REFUSED_BY[name])
    assert words in message if words else code == REFUSED_BY[name]
    assert made.row.subject not in message
    assert _all_of(made) == before


def _all_of(made: Letter) -> list[Any]:
    """What of the letter a foreign case could change or learn."""
    ministry = made.ministry
    return [
        made.row,
        ministry.rows(register_entry, register_entry.c.document_id == made.id),
        ministry.rows(notice),
    ]


@pytest.mark.usefixtures("lax")
def test_the_house_s_own_job_is_refused_when_a_diagram_asks_for_it(ministry: Ministry) -> None:
    for name, known in sorted(ministry.bus.services.actions.items()):
        if known.drawn:
            continue
        inputs = dict.fromkeys(known.required, "=id")
        ministry.do(Deploy({"foreign.bpmn": foreign(name, **inputs)}))
        case = begin(ministry, id=str(new_id()))
        assert stopped_by(ministry, case)[0] == "action_of_house", name
        (asked,) = ministry.rows(job, job.c.root_id == case)
        assert (asked.state, asked.attempt) == ("dead", 1)


def test_calling_the_withdrawal_is_no_way_around_it(ministry: Ministry) -> None:
    """The shipped process with signers and a letter of the caller's choice."""
    made = signed(ministry)
    ins = dict.fromkeys(("number", "subject", "withdrawal_reason"), '="x"')
    ins |= {"document_id": "=id", "requester": "=who", "urgency": "=1"}
    ins |= {"signers": "=[]", "consents": "=[]"}
    ministry.do(Deploy({"foreign.bpmn": bpmn(process(
        "foreign", start("s"), call("x", "document-withdrawal", ins=ins), end("e"),
        path("s", "x", "e")))}))  # fmt: skip
    case = begin(ministry, id=str(made.id), who=CLERK)
    assert stopped_by(ministry, case)[0] == "withdrawal_route"
    assert made.row.revoked_at is None


def test_a_process_that_the_case_calls_acts_on_the_case_s_letter(ministry: Ministry) -> None:
    made = ministry.letter()

    def asks(document_id: object, root_id: UUID | None) -> None:
        given = JobInput(
            job_id=new_id(), agency_id=made.row.agency_id, instance_id=new_id(), business_key=None,
            action="documents.file", payload={"document_id": document_id}, attempt=1,
            root_id=root_id,
        )  # fmt: skip
        with ministry.bus.engine.connect() as db:
            of_case(db, given)

    asks(str(made.id), made.instance_id)
    for wrong, root in (
        (str(made.id), new_id()), (str(made.id), None), (str(new_id()), made.instance_id),
        ("no id", made.instance_id), (None, made.instance_id), ({"a": 1}, made.instance_id),
    ):  # fmt: skip
        with pytest.raises(JobFailed) as refused:
            asks(wrong, root)
        assert (refused.value.code, refused.value.retry) == ("not_of_case", False)
