"""Every rule is documented, and what its page shows is what the linter says."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.sketches import drawn
from support.walking import ACTIONS

import engine
from engine import runtime
from engine.errors import Problem
from engine.runtime.lint.documented import Documented, documented, page
from forms.stored import StoredForms

RULES = {rule.code: rule for rule in documented()}
_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+|[a-z]+")


def check(files: dict[str, bytes]) -> list[Problem]:
    return runtime.check(files, actions=ACTIONS, forms=StoredForms())


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_its_bad_diagram_breaks_this_rule_alone_where_it_is_marked(rule: Documented):
    bad, good = drawn(rule.bad), drawn(rule.good)
    found, allowed = check(bad.files), check(good.files)
    assert {p.code for p in found} - {p.code for p in allowed} == {rule.code}
    broken = [p for p in found if p.code == rule.code]
    assert {p.severity for p in broken} == {rule.severity}
    assert bad.marks == ([(p.file, p.line) for p in broken] if bad.marks else [])
    assert all(p.message and p.mend for p in broken)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_its_good_diagram_is_good(rule: Documented):
    good = drawn(rule.good)
    found = check(good.files)
    assert rule.code not in {p.code for p in found}
    assert [str(p) for p in found if p.severity == "error"] == []
    runtime.compile_bundle(good.files, actions=ACTIONS, forms=StoredForms())


#: those whose finding is about a file or deployment as a whole, or lies where it can not be marked
WHOLE = {"nothing_deployed", "unknown_file", "not_executable", "form", "not_xml", "not_utf8",
         "doctype_not_allowed", "file_too_large", "file_too_complex", "too_many_nodes", "not_dmn",
         "duplicate_namespace", "missing_import"}  # fmt: skip


def test_all_others_are_marked():
    assert {code for code, rule in RULES.items() if not drawn(rule.bad).marks} == WHOLE


# -- none is missing --------------------------------------------------------------------------

ROOT = Path(engine.__file__).parent
SOURCES = [*(ROOT / "runtime/parse").glob("*.py"), *(ROOT / "runtime/lint").glob("*.py"),
           *(ROOT / "dmn").rglob("*.py"), ROOT / "untrusted_xml.py"]  # fmt: skip
REPORTS = {"error", "warning", "warn", "report", "_whole", "Problem", "_problem", "Unreadable",
           "_behaviour", "_hint", "_missing", "_limit"}  # fmt: skip
#: said where a code is put together
PUT_TOGETHER = {"start_missing", "several_starts", "message_missing", "signal_missing",
                "error_missing", "escalation_missing", "foreign_behaviour", "foreign_hint",
                "feel_syntax"}  # fmt: skip
#: not of a deployment: a model is asked for where there is none
ELSEWHERE = {"no_model"}


def reported(file: Path) -> Iterator[str]:
    """The codes in the calls that report a problem: the first text that looks like one."""
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        if name in REPORTS:
            position = {"Problem": 4, "_problem": 2, "_whole": 1}.get(name, 0)
            for text in node.args[position : position + 1]:
                value = getattr(text, "value", None)
                if isinstance(value, str) and _CODE.fullmatch(value):
                    yield value


def test_every_code_of_the_linter_is_documented_and_no_other():
    codes = {code for file in SOURCES for code in reported(file)} | PUT_TOGETHER
    assert codes - ELSEWHERE == set(RULES)


def test_every_rule_names_its_codes():
    """The rule's own docstring says which findings it gives."""
    for file in (ROOT / "runtime/lint").glob("*.py"):
        tree = ast.parse(file.read_text())
        listed = next((n for n in tree.body if isinstance(n, ast.Assign)
                       and getattr(n.targets[0], "id", "") == "RULES"), None)  # fmt: skip
        if listed is None or not isinstance(listed.value, ast.Tuple):
            continue
        functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
        for rule in (functions[e.id] for e in listed.value.elts if isinstance(e, ast.Name)):
            named = {code.strip() for code in (ast.get_docstring(rule) or "").lower().split(",")}
            assert named <= set(RULES), f"{file.name} {rule.name}: {named}"


def test_a_rule_is_told_once():
    times = Counter(rule.code for rule in documented())
    assert [code for code, count in times.items() if count > 1] == []


def test_the_page_has_all_of_it():
    text = "\n".join(page())
    for rule in RULES.values():
        assert f"{rule.code} ({rule.severity})\n  {rule.says}" in text
        assert rule.says.endswith((".", ".)"))
