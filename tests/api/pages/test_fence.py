"""The fence: whoever may do everything in one agency cannot tell that another's ids exist.

Every route of pages and REST that names a thing is asked for a thing of the ministry by the
neighbour's administrator, and then for nothing at all: both answers are the same. On PostgreSQL
they stay so when each statement forgets whose rows it wants: the policies are a second fence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from support.browsing import Browser
from support.letter_story import document_id, draft
from support.world import World

from api import migrations
from engine.actor import system_actor
from engine.db import reading
from office.people import commands as people
from office.people.models import role

Enter = Callable[[str], Browser]
STRANGER = "muban"
#: What routes call a thing, where that is not its table's name.
TABLES = {
    "instance": "process_instance", "definition": "process_definition", "number": "letter_number",
    "key": "signing_key", "entry": "register_entry", "chain": "chain_draft",
    "instrument": "instrument", "grant": "person_role",
}  # fmt: skip
#: A body that is right but for whom it is about.
BODIES: Mapping[str, Mapping[str, Any]] = {
    "cancel": {"reason": "x"}, "migrate": {"to_version": 1}, "complete": {"variables": {}},
    "delegate": {"to": "muban", "reason": "x"}, "reassign": {"to": "muban", "reason": "x"},
    "return": {"to": "draft", "reason": "x"}, "comments": {"text": "x"}, "recall": {"reason": "x"},
    "skip": {"reason": "x"}, "withdraw": {"reason": "x"}, "restore": {"reason": "x"},
    "revoke": {"reason": "x"},
}  # fmt: skip
_OWN_ROWS = re.compile(r"\w+\.agency_id = (%\(\w+\)s(?:::\w+)?)")
#: Rows that every request may add, whoever asks.
OF_REQUESTS = re.compile("session|attempt|command_log|guard|api_token")


@pytest.fixture
def office(ministry: World) -> World:
    """The ministry on each database: only one of them has the second fence."""
    return ministry


@pytest.fixture
def theirs(office: World, enter: Enter) -> dict[str, UUID]:
    """Ids of the ministry's things by their tables, a fresh letter's among them."""
    page = draft(enter("thotsop"), subject=f"เรื่องของกระทรวง {uuid4()}")
    letter = UUID(document_id(page))
    enter("admin").open("/designer").form("/designer").send(name="เรื่องของกระทรวง")
    found = {}
    with reading(office.system.engine) as db:
        for table in _tenant_tables():
            if "id" in table.c:
                newest = sa.select(table.c.id).where(table.c.agency_id == office.home.id)
                one = db.execute(newest.order_by(table.c.id.desc()).limit(1)).scalar_one_or_none()
                if isinstance(one, UUID):
                    found[table.name] = one
    assert found["document"] == letter
    return found


@pytest.fixture
def almighty(office: World, enter: Enter) -> Browser:
    """The stranger, who may do everything in the agency next door."""
    actor, code = system_actor(office.foreign.id), "everything"
    with reading(office.system.engine) as db:
        rows = sa.select(role.c.code).where(role.c.agency_id == office.foreign.id)
        missing = code not in set(db.scalars(rows))
    if missing:
        office.system.bus.execute(people.AddRole(code, "ทุกสิทธิ์", ["everything"]), actor)
        first_day = office.clock.now().date() - timedelta(days=1)
        office.system.bus.execute(people.GrantRole(STRANGER, code, first_day), actor)
    return enter(STRANGER)


#: who is signed in already goes on, whatever the provider is
FOR_EVERYONE = frozenset({"/sign-in/with/<provider_id>"})


def _tenant_tables() -> Iterator[sa.Table]:
    for table in migrations.all_tables().sorted_tables:
        if "agency_id" in table.c and not OF_REQUESTS.search(table.name):
            yield table


def _rows(office: World) -> dict[str, list[str]]:
    with reading(office.system.engine) as db:
        return {
            table.name: sorted(
                map(repr, db.execute(sa.select(table).where(table.c.agency_id == office.home.id)))
            )
            for table in _tenant_tables()
        }


def _routes(office: World) -> Iterator[tuple[str, str]]:
    for rule in office.client.application.url_map.iter_rules():
        if "_id>" in rule.rule:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule.rule


def _about(rule: str, ids: Mapping[str, UUID]) -> tuple[str, set[str]]:
    """The path about these things, and the tables of those that exist."""
    known: set[str] = set()

    def value(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        thing = name.removesuffix("_id")
        table = TABLES.get(thing, thing)
        if table in ids:
            known.add(table)
            return str(ids[table])
        return "1" if kind == "int" else str(uuid4())

    return re.sub(r"<([^>]+)>", value, rule), known


def test_another_agencys_things_are_not_there(
    office: World, theirs: dict[str, UUID], almighty: Browser
) -> None:
    _ask_for_all(office, theirs, almighty)


@pytest.mark.parametrize("ministry", ["postgresql"], indirect=True)  # SQLite knows no policies
def test_nor_are_they_when_every_statement_forgets_its_agency(
    office: World, theirs: dict[str, UUID], almighty: Browser
) -> None:
    with _forgetful(office.system.engine) as forgot:
        _ask_for_all(office, theirs, almighty)
    assert len(forgot) > 200
    assert {sql.split()[0] for sql in forgot} >= {"SELECT", "WITH", "UPDATE"}


@contextmanager
def _forgetful(database: sa.Engine) -> Iterator[list[str]]:
    """No request's statement asks for one agency's rows any more; those that did are told."""
    forgot: list[str] = []

    def forget(conn, cursor, sql, parameters, context, many):
        told = context.execution_options if context else {}
        if told.get("saraban_read") or told.get("saraban_write"):
            less = _OWN_ROWS.sub(r"(\1 IS NOT NULL)", sql)
            if less != sql:
                forgot.append(sql)
            return less, parameters
        return sql, parameters

    sa.event.listen(database, "before_cursor_execute", forget, retval=True)
    try:
        yield forgot
    finally:
        sa.event.remove(database, "before_cursor_execute", forget)


def _ask_for_all(office: World, theirs: dict[str, UUID], almighty: Browser) -> None:
    token = almighty.open("/account").form("/account/password").values()["csrf_token"][0]
    office.token(STRANGER)
    before, asked = _rows(office), set()

    def ask(method: str, path: str) -> tuple[int, str]:
        if path.startswith("/api/"):
            body = BODIES.get(path.rpartition("/")[2], {})
            headers = {"If-Match": '"1"'}
            sent = None if method == "GET" else body
            answer = office.call(
                method, path.removeprefix("/api/v1"), as_=STRANGER, json=sent, headers=headers
            )
        else:
            data = {"csrf_token": token, "command_id": str(uuid4()), "reason": "x"}
            answer = almighty.client.open(
                path, method=method, data=data if method == "POST" else {}
            )
        return answer.status_code, answer.text

    for method, rule in _routes(office):
        path, known = _about(rule, theirs)
        nothing, _ = _about(rule, {})
        status, text = ask(method, path)
        assert status == ask(method, nothing)[0], (method, rule, text[:300])
        assert status >= 400 or status in {302, 303}, (method, rule, text[:300])
        if method == "GET" and rule not in FOR_EVERYONE:
            assert status == 404, (method, rule)
        assert "เรื่องของกระทรวง" not in text, (method, rule)
        asked |= known
    asked_for = {"document", "process_instance", "task", "process_definition", "person"}
    assert asked_for | {"model_draft"} <= asked
    assert _rows(office) == before
