"""saraban …: what the commands print, refuse and leave behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support import dmn
from support.samples import sample

from api import cli
from api.bootstrap import opened
from api.settings import Settings
from engine.actor import system_actor
from engine.commands.instances import StartInstance
from engine.db import reading
from office.people.queries import agencies

Run = Callable[..., Result]

PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
  targetNamespace="urn:t"><process id="errand" name="Errand" isExecutable="true">
 <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>
 <userTask id="t" name="Do it"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>
 <endEvent id="e"/></process></definitions>"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A command in a home of its own. What `main` prints for a refusal is an exception here."""
    environ = {"SARABAN_HOME": str(tmp_path / "home"), "SARABAN_DEMO": ""}

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(cli.saraban, [str(word) for word in words], env=environ)

    return invoke


@pytest.fixture
def two_agencies(run: Run) -> Run:
    assert run("migrate").exit_code == 0
    for code, admin in (("first", "anong"), ("second", "malee")):
        made = run("init", "--agency", code, "--name", code, "--admin", admin,
                   "--password", "a long and plain phrase")  # fmt: skip
        assert made.exit_code == 0, made.output
    return run


def test_deploy_means_the_first_agency_unless_another_is_named(
    two_agencies: Run, tmp_path: Path
) -> None:
    file = tmp_path / "errand.bpmn"
    file.write_text(PROCESS)
    for words in ((), ("--agency", "second"), ("--agency", "first")):
        made = two_agencies("deploy", file, *words)
        assert (made.exit_code, "errand version 1" in made.output) == (0, True), made.output
    unknown = two_agencies("deploy", file, "--agency", "third")
    assert unknown.exit_code == 1
    assert "first, second" in unknown.output


def test_cases_go_to_another_version_all_at_once(two_agencies: Run, tmp_path: Path) -> None:
    for number, name in enumerate(("t", "u"), 1):
        (tmp_path / f"{number}.bpmn").write_text(
            PROCESS.replace('"t"', f'"{name}"').replace("errand", "trip")
        )
        assert two_agencies("deploy", tmp_path / f"{number}.bpmn").exit_code == 0
    none = two_agencies("migrate-cases", "trip", "--dry-run")
    assert (none.exit_code, none.output) == (0, "0 would migrate, 0 stay\n")
    for words in (("nothing",), ("trip", "--to", "9"), ("trip", "--map", "t")):
        refused = two_agencies("migrate-cases", *words)
        assert refused.exit_code == 1
        assert "Expected" in str(refused.exception) + refused.output
    _start_a_trip(tmp_path)
    asked = two_agencies("migrate-cases", "trip", "--from", 1, "--dry-run")
    assert (asked.exit_code, "1 stay" in asked.output) == (1, True), asked.output
    assert "“t” in the new version" in asked.output
    done = two_agencies("migrate-cases", "trip", "--to", 2, "--map", "t=u")
    assert (done.exit_code, "1 migrated, 0 stay" in done.output) == (0, True), done.output


def _start_a_trip(tmp_path: Path, key: str | None = None) -> None:
    """A case of the first version, in the first agency."""
    with opened(Settings(home=tmp_path / "home").resolved(), bell=False) as system:
        with reading(system.engine) as db:
            first_of = agencies(db)[0].id
        system.bus.execute(StartInstance("trip", 1, key), system_actor(first_of))


def test_a_deployment_with_a_problem_deploys_nothing(two_agencies: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "errand.bpmn", tmp_path / "bad.bpmn"
    good.write_text(PROCESS)
    bad.write_text(PROCESS.replace("errand", "broken").replace('targetRef="e"', 'targetRef="x"'))
    refused = two_agencies("deploy", good, bad)
    assert refused.exit_code == 1
    assert "bad.bpmn:" in refused.output
    assert "errand version 1" in two_agencies("deploy", good).output


def test_render_writes_a_document_or_says_what_it_needs(run: Run, tmp_path: Path) -> None:
    document, out = tmp_path / "letter.json", tmp_path / "letter.pdf"
    document.write_text(json.dumps(sample("S01")))
    assert run("render", document, out).output == "letter.pdf: 1 page\n"
    assert out.read_bytes().startswith(b"%PDF-")
    for wrong in ("[]", "1", "{", '{"kind": "EXT"}', "null"):
        document.write_text(wrong)
        refused = run("render", document, tmp_path / "none.pdf")
        assert (refused.exit_code, "Expected" in refused.output) == (1, True), refused.output
    assert not (tmp_path / "none.pdf").exists()


def test_a_case_goes_into_a_file_that_is_judged_with_nothing_at_hand(
    two_agencies: Run, tmp_path: Path
) -> None:
    (tmp_path / "trip.bpmn").write_text(PROCESS.replace("errand", "trip"))
    assert two_agencies("deploy", tmp_path / "trip.bpmn").exit_code == 0
    _start_a_trip(tmp_path, "trip-7")
    file = tmp_path / "case.zip"
    made = two_agencies("evidence", "trip-7", "-o", file)
    assert made.exit_code == 0, made.output
    assert (file.stat().st_mode & 0o777, list(tmp_path.glob("*.part"))) == (0o600, [])
    again = two_agencies("evidence", "-o", tmp_path / "again.zip", "trip-7", "--agency", "first")
    assert again.output.splitlines()[1] == made.output.splitlines()[1]
    for words in (("trip-7", "-o", file), ("trip-8", "-o", tmp_path / "no.zip"),
                  ("trip-7", "-o", tmp_path / "no.zip", "--agency", "second")):  # fmt: skip
        refused = two_agencies("evidence", *words)
        assert refused.exit_code == 1
        assert "Expected" in str(refused.exception) + refused.output
    assert not (tmp_path / "no.zip").exists()
    _judge(file, made.output.splitlines()[1].split()[1])


def _judge(file: Path, seal: str) -> None:
    """With settings that no command could work with."""
    environ = {"SARABAN_DATABASE_URL": "nonsense://", "SARABAN_HOME": "/nowhere/at/all"}

    def verify(*words: object) -> Result:
        return CliRunner().invoke(
            cli.saraban, ["evidence", "verify", *map(str, words)], env=environ
        )

    good = verify(file, "--seal", seal)
    assert (good.exit_code, "It holds." in good.output) == (0, True), good.output
    told = json.loads(verify(file, "--json").output)
    assert (told["holds"], told["seal"], told["findings"]) == (True, seal, [])
    other = verify(file, "--seal", "0" * 64)
    assert (other.exit_code, "it is another" in other.output) == (1, True), other.output
    file.write_bytes(file.read_bytes()[:-1])
    broken = verify(file)
    assert (broken.exit_code, "FOUND: Expected" in broken.output) == (1, True), broken.output
    trust = verify(file, "--trust", file)
    assert (trust.exit_code, "--trust: Expected a certificate" in trust.output) == (1, True)


def test_check_tells_its_rules(run: Run) -> None:
    """Each with a bad and a good diagram; a test of the linter runs these."""
    told = run("check", "--rules")
    assert told.exit_code == 0
    assert "boundary_event (error)" in told.output
    assert told.output.count("Not so:") == told.output.count("But so:") > 80
    nothing = run("check")
    assert nothing.exit_code == 2
    assert "--rules" in nothing.output


def test_check_says_what_a_deployment_says(two_agencies: Run, tmp_path: Path) -> None:
    """The same findings at the same lines; a warning alone is no failure."""
    file = tmp_path / "errand.bpmn"
    file.write_text(PROCESS.replace('<userTask id="t"', '<scriptTask id="t"').replace(
        "</process>", '<complexGateway id="g2"/></process>'
    ).replace("userTask", "scriptTask"))  # fmt: skip
    checked, deployed = two_agencies("check", file), two_agencies("deploy", file)
    assert (checked.exit_code, deployed.exit_code) == (1, 1)
    lines = [line for line in checked.output.splitlines() if not line.endswith("(warning)")]
    assert len(lines) >= 2
    assert all("errand.bpmn:" in line for line in lines), lines
    said = deployed.output + str(deployed.exception)
    assert [line for line in lines if line not in said] == []
    file.write_text(PROCESS)
    warned = two_agencies("check", tmp_path)
    assert (warned.exit_code, "(warning)" in warned.output) == (0, True), warned.output


def test_an_expression_with_its_variables(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "given.json"
    file.write_text('{"net amount": 10.10, "due": "2026-01-31"}')
    text = 'net amount * 3 + (if date(due) < @"2026-02-01" then 0 else 1)'
    said = run("feel", text, "--context", file)
    assert (said.exit_code, said.output) == (0, "30.30\n"), said.output
    unknown = run("feel", "1 + nothing")
    assert (unknown.exit_code, unknown.stdout) == (0, "null\n")
    assert "nothing" in unknown.stderr
    wrong = run("feel", "1 +\n)")
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("2:1 Expected")
    file.write_text("[1]")
    assert run("feel", "1", "--context", file).exit_code == 1


def test_a_decision_with_what_it_requires(run: Run, tmp_path: Path) -> None:
    file, given = tmp_path / "rate.dmn", tmp_path / "given.json"
    rules = [["< 10", '"low"'], [">= 10", '"high"']]
    file.write_bytes(dmn.definitions(
        dmn.given("amount"), dmn.decision("band", dmn.table(["amount"], ["b"], rules),
                                          needs=["input amount"]),
        dmn.decision("said", dmn.literal('band + "!"'), needs=["decision band"]),
    ))  # fmt: skip
    given.write_text('{"amount": 12}')
    said = run("dmn", file, "--decision", "said", "--inputs", given)
    assert (said.exit_code, said.output) == (0, '"high!"\n'), said.output
    nobody = run("dmn", file, "--decision", "other", "--inputs", given)
    assert nobody.exit_code == 1
    assert "other" in nobody.output
    file.write_bytes(file.read_bytes().replace(b"&gt;= 10", b"&gt;= 10 +"))
    broken = run("dmn", file, "--decision", "said", "--inputs", given)
    assert (broken.exit_code, broken.stdout) == (0, "null\n")
    assert "Expected a value or a name, but found the end." in broken.stderr


def test_the_audit_names_what_was_altered(two_agencies: Run, tmp_path: Path) -> None:
    file = tmp_path / "errand.bpmn"
    file.write_text(PROCESS)
    two_agencies("deploy", file)
    settings = Settings(home=tmp_path / "home").resolved()
    with opened(settings, bell=False) as system:
        with reading(system.engine) as db:
            first = next(row.id for row in agencies(db) if row.code == "first")
        system.bus.execute(StartInstance("errand"), system_actor(first))
        whole = two_agencies("audit", "verify", "--files")
        assert (whole.exit_code, whole.output) == (0, "1 cases checked, 0 findings\n")
        with system.engine.begin() as db:
            db.exec_driver_sql("UPDATE history_event SET actor = 'nobody' WHERE seq = 2")
    harmed = two_agencies("audit", "verify")
    assert harmed.exit_code == 1
    assert "event 2 is not as it was written" in harmed.output
