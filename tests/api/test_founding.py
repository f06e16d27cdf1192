"""saraban agency: further agencies in one installation, and that they stay apart."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from api import cli, first
from api.bootstrap import System, build, opened
from api.settings import Settings
from engine.actor import STEWARD, system_actor
from engine.db import metadata, reading
from engine.errors import Conflict, Forbidden, Rejected
from engine.queries import definitions
from office.accounts import credentials, sign_in
from office.accounts.commands import SetUpAgency
from office.accounts.sign_in import Origin
from office.people import queries
from office.people.models import agency

Run = Callable[..., Result]
PASSWORD = "a long and plain phrase"
HERE = Origin("10.0.0.1")
SECOND = SetUpAgency("second", "สำนักงานที่สอง", "malee", "มาลี", "ดีงาม", "malee@second.example.go.th")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environ = {"SARABAN_HOME": str(tmp_path / "home"), "SARABAN_DEMO": ""}

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(cli.saraban, [str(word) for word in words], env=environ)

    assert invoke("migrate").exit_code == 0
    made = invoke("init", "--agency", "first", "--name", "ที่หนึ่ง", "--admin", "anong",
                  "--password", PASSWORD)  # fmt: skip
    assert made.exit_code == 0, made.output
    return invoke


def _found(run: Run, code: str = "second", *more: str) -> Result:
    return run("agency", "found", code, "--name", "สำนักงานที่สอง", "--name-en", "Second Office",
               "--admin", "malee", "--given-name", "มาลี", *more)  # fmt: skip


def _token(told: str) -> str:
    (link,) = [line for line in told.splitlines() if "/reset-password?token=" in line]
    return link.partition("token=")[2]


def _enters(system: System, username: str, code: str) -> bool:
    try:
        sign_in.sign_in(system.bus, username, PASSWORD, HERE, agency_code=code)
    except Rejected:
        return False
    return True


def test_an_administrator_comes_in_by_a_link_and_no_password_is_told(
    run: Run, tmp_path: Path
) -> None:
    made = _found(run)
    assert made.exit_code == 0, made.output
    assert run("agency", "list").output.splitlines() == [
        "first\tAsia/Bangkok\tที่หนึ่ง", "second\tAsia/Bangkok\tสำนักงานที่สอง",
    ]  # fmt: skip
    with opened(Settings(home=tmp_path / "home").resolved(), bell=False) as system:
        assert not _enters(system, "malee", "second")
        credentials.reset_password(system.bus, _token(made.output), PASSWORD, HERE)
        assert _enters(system, "malee", "second")
        with pytest.raises(Rejected, match="used or is too old"):
            credentials.reset_password(system.bus, _token(made.output), PASSWORD, HERE)
        actor = first.actor_named(system, "malee", "second")
        assert actor.may("people")
        with reading(system.engine) as db:
            assert {row.key for row in definitions.latest(db, actor.agency_id)} >= {
                "official-letter", "records-destruction",
            }  # fmt: skip


def test_a_lost_link_is_made_anew_and_the_old_one_ends(run: Run, tmp_path: Path) -> None:
    old = _token(_found(run, "second", "--hours", "1").output)
    again = run("agency", "invite", "second", "malee")
    assert again.exit_code == 0, again.output
    with opened(Settings(home=tmp_path / "home").resolved(), bell=False) as system:
        with pytest.raises(Rejected):
            credentials.reset_password(system.bus, old, PASSWORD, HERE)
        credentials.reset_password(system.bus, _token(again.output), PASSWORD, HERE)
    for words in (("third", "malee"), ("second", "anong")):
        refused = run("agency", "invite", *words)
        assert "Expected" in str(refused.exception) + refused.output
        assert refused.exit_code == 1


def test_what_cannot_be_founded_leaves_nothing(run: Run, tmp_path: Path) -> None:
    for code, more in (
        ("first", ()), ("Bad Code", ()), ("third", ("--timezone", "Mars/Olympus")),
        ("third", ("--email", "no address")), ("third", ("--admin", "Bad Name")),
    ):  # fmt: skip
        refused = _found(run, code, *more)
        assert refused.exit_code == 1
        assert "Expected" in str(refused.exception), (code, more)
    assert _found(run, "third", "--hours", "1000").exit_code == 2
    assert [line.split("\t")[0] for line in run("agency", "list").output.splitlines()] == ["first"]
    with opened(Settings(home=tmp_path / "home").resolved(), bell=False) as system:
        broken = replace(SECOND, library=[("x", {"x.bpmn": b"<no"})])
        with pytest.raises(Rejected):
            system.bus.execute(broken, system_actor(first.new_id()))
        boss = first.actor_named(system, "anong", "first")
        with pytest.raises(Forbidden):
            system.bus.execute(SECOND, boss)
        with reading(system.engine) as db:
            assert len(queries.agencies(db)) == 1


def test_the_command_line_alone_makes_a_steward(run: Run, tmp_path: Path) -> None:
    def may() -> bool:
        with opened(Settings(home=tmp_path / "home").resolved(), bell=False) as system:
            return first.actor_named(system, "anong", "first").may(STEWARD)

    assert not may()  # who holds everything
    assert run("agency", "steward", "first", "anong").exit_code == 0
    assert may()
    for words in (("first", "anong"), ("first", "nobody"), ("third", "anong")):
        refused = run("agency", "steward", *words)
        assert "Expected" in str(refused.exception) + refused.output
    assert run("agency", "steward", "first", "anong", "--end").exit_code == 0
    assert not may()
    assert run("agency", "steward", "first", "anong", "--end").exit_code == 1


@pytest.fixture
def fenced(postgres_engine: Engine, tmp_path: Path) -> Iterator[System]:
    url = postgres_engine.url.render_as_string(hide_password=False)
    environ = {"SARABAN_HOME": str(tmp_path / "home"), "SARABAN_DATABASE_URL": url}
    made = build(Settings.from_env({**os.environ, **environ, "SARABAN_DEMO": ""}), bell=False)
    yield made
    made.close()


def test_on_postgresql_both_are_set_up_alike_and_see_nothing_of_each_other(fenced: System) -> None:
    ours = first.make_agency(fenced, "first", "ที่หนึ่ง", "anong", PASSWORD)
    first.found_agency(fenced, SECOND, 24)
    with reading(fenced.engine) as db:
        theirs = db.scalars(sa.select(agency.c.id).where(agency.c.code == "second")).one()
    tables = [one for one in metadata.sorted_tables if "agency_id" in one.c]
    held = {each: {one.name: 0 for one in tables} for each in (ours, theirs)}
    for each in (ours, theirs):
        with reading(fenced.engine, each) as db:
            for one in tables:
                seen = list(db.scalars(sa.select(one.c.agency_id)))
                assert set(seen) <= {each}, one.name
                held[each][one.name] = len(seen)
    assert held[ours]["process_definition"] == held[theirs]["process_definition"] > 3
    # the invited one has a link and its mail; what else there is, both have
    apart = {name for name in held[ours] if held[ours][name] != held[theirs][name]}
    assert apart <= {"password_reset", "org_event", "command_log", "job"}, apart
    with pytest.raises(Conflict):
        first.found_agency(fenced, SECOND, 24)
    with reading(fenced.engine) as db:
        assert len(queries.agencies(db)) == 2
