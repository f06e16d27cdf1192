"""`http.call`: what service tasks may ask of other systems, through the agency's connectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.bus import Bus
from engine.db import reading
from engine.models.deployment import process_definition
from engine.models.instance import process_instance
from engine.ports import Action, ActionUse, JobFailed, JobInput, JobOutput, UseProblem
from office.connectors import queries, rules
from office.connectors.calling import Answer, Call, perform
from office.connectors.outgoing import CallFailed
from office.connectors.settings import settings_of

CALL = "http.call"
_REQUIRED = ("connector", "method", "path")
_INPUTS = (*_REQUIRED, "parameters", "query", "body")
#: statuses that may be others a little later
_PASSING = frozenset({408, 425, 429})
_PROCESS = (
    sa.select(process_definition.c.key)
    .join(process_instance, process_instance.c.definition_id == process_definition.c.id)
    .where(
        process_instance.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        process_instance.c.id == sa.bindparam("this", type_=sa.Uuid),
    )
)


def actions(bus: Callable[[], Bus]) -> list[Action]:
    """`bus` is asked for when a job runs: actions are made before the bus that holds them."""

    def call(job: JobInput) -> JobOutput:
        return _called(bus(), job)

    inputs, required = frozenset(_INPUTS), frozenset(_REQUIRED)
    return [Action(CALL, call, inputs, required, judge=judge, drawn=True)]


def _called(bus: Bus, job: JobInput) -> JobOutput:
    """The key is the job's id: whoever gets the call twice can tell."""
    try:
        answer = perform(
            bus.engine,
            settings_of(bus.services),
            job.agency_id,
            _call(job.payload),
            _process(bus, job),
            str(job.job_id),
        )
    except CallFailed as failed:
        raise _failed(bus, job, failed.code, str(failed), again=failed.again) from None
    if not 200 <= answer.status < 300:
        raise _unwelcome(bus, job, answer)
    return JobOutput({"status": answer.status, "body": answer.body})


def _call(payload: Mapping[str, Any]) -> Call:
    texts: dict[str, Any] = {name: payload.get(name) for name in _REQUIRED}
    maps: dict[str, Any] = {name: payload.get(name) or {} for name in ("parameters", "query")}
    wrong = [name for name, value in texts.items() if not isinstance(value, str)]
    wrong += [name for name, value in maps.items() if not isinstance(value, Mapping)]
    if wrong:
        message = f"Expected text in connector, method and path, and contexts, but see {wrong[0]}."
        raise CallFailed("http_input", message, again=False)
    return Call(**texts, **maps, body=payload.get("body"))


def _process(bus: Bus, job: JobInput) -> str:
    with reading(bus.engine, job.agency_id) as db:
        return str(db.scalar(_PROCESS, {"agency": job.agency_id, "this": job.instance_id}) or "")


def _unwelcome(bus: Bus, job: JobInput, answer: Answer) -> JobFailed:
    """The BPMN error is named by the status. What is caught is caught only when no further try
    is left: a service that is away for a minute has not said no.
    """
    name, again = str(answer.status), answer.status in _PASSING or answer.status >= 500
    code = "http_down" if again else "http_refused" if answer.status >= 400 else "http_redirected"
    message = f"Expected the service to do it, but it answered {name}."
    return _failed(bus, job, code, message, again=again, error=f"http.{name}")


def _failed(
    bus: Bus, job: JobInput, code: str, message: str, *, again: bool, error: str | None = None
) -> JobFailed:
    again = again and job.attempt < _attempts(bus, job)
    named = error or "http." + code.removeprefix("http_")
    return JobFailed(message, retry=again, error_code=None if again else named, code=code)


def _attempts(bus: Bus, job: JobInput) -> int:
    with reading(bus.engine, job.agency_id) as db:
        known = queries.find(db, job.agency_id, str(job.payload.get("connector")))
    return known.attempts if known else 1


# -- for the linter ---------------------------------------------------------------------------


def judge(db: Connection, agency_id: UUID, use: ActionUse) -> Sequence[UseProblem]:
    """What can be seen before anything runs: that the connector is there and granted, and that
    method and path are among those it allows.
    """
    given = {name: use.inputs.get(name, "") for name in _REQUIRED}
    computed = [name for name, text in given.items() if text.lstrip().startswith("=")]
    if computed:
        return [_computed(name) for name in computed]
    if not all(given.values()):
        return []  # said already: an input is missing
    known = queries.find(db, agency_id, given["connector"])
    if known is None:
        return [_unknown(given["connector"], use, queries.connectors(db, agency_id))]
    refused = rules.refusal(known, use.process_id, given["method"], given["path"])
    if refused is not None:
        return [_refused(*refused, known.name)]
    return list(_without_values(use, given["path"]))


def _computed(name: str) -> UseProblem:
    return UseProblem(
        "connector_computed",
        name,
        f"Expected the {name} of the call itself, but it is worked out.",
        "Write it as it stands in the connector; values go into parameters, query and body.",
    )


def _unknown(name: str, use: ActionUse, known: Sequence[rules.Connector]) -> UseProblem:
    names = ", ".join(one.name for one in known if use.process_id in one.processes) or "none"
    return UseProblem(
        "connector_unknown",
        "connector",
        f"Expected a connector of this agency, but “{name}” is none (granted: {names}).",
        "Correct the name, or have an administrator add the connector.",
        "connectors:",
    )


_MENDS: Mapping[str, str] = {
    "connector": "Have an administrator open it, or grant it to the process.",
    "method": "Choose one of them, or have an administrator allow this one.",
    "path": "Choose one of them, or have an administrator allow this one.",
}


def _refused(where: str, code: str, message: str, connector: str) -> UseProblem:
    said = f"Expected a call that the connector allows, but {message}."
    return UseProblem(code, where, said, _MENDS[where], f"connector:{connector}")


def _without_values(use: ActionUse, path: str) -> Sequence[UseProblem]:
    places = rules.places_in(path)
    if not places or use.inputs.get("parameters"):
        return ()
    shown = ", ".join(f"{name}: …" for name in places)
    return [
        UseProblem(
            "connector_parameters",
            "path",
            f"Expected a value for each name in “{path}”, but there is no input parameters.",
            f"Add <saraban:input name=“parameters” value=“={{{shown}}}”/>.",
        )
    ]
