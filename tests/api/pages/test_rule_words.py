"""Whoever draws reads in Thai what is wrong: every rule, and everything that stops a process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.pages.rule_words import INCIDENTS, RULES, USES
from engine.errors import Unavailable
from engine.feel.errors import FeelError
from engine.runtime import limits
from engine.runtime.lint.documented import documented
from office.connectors import outgoing
from office.documents import affixing, seals
from signing.errors import SigningError

ENGINE = Path(limits.__file__).parents[1]
_RAISED = re.compile(r'\b(?:Stuck|Cause|_too_deep)\(\s*f?"([a-z_]+)"|\b(?:code=|else )"([a-z_]+)"')
_LIMIT = re.compile(r'\b_limit\("([a-z]+)"')
#: codes of a seal's job
_SEALED = re.compile(r'"(seal_[a-z_]+)"|code="([a-z_]+)"')
#: files in which `code=` names an incident, not a refusal
_COMMANDS = ("turn/offers.py", "turn/waits.py", "turn/routing.py")


def test_every_rule_has_words() -> None:
    assert set(RULES) == {rule.code for rule in documented()}


def test_everything_that_stops_a_process_has_words() -> None:
    raised: set[str] = set()
    files = [*(ENGINE / "runtime").rglob("*.py"), *(ENGINE / "commands" / n for n in _COMMANDS)]
    for file in files:
        text = file.read_text(encoding="utf-8")
        for code, named in _RAISED.findall(text):
            raised |= {code} if code else {named} if file.match("commands/turn/*") else set()
        raised |= {f"limit_{name}" for name in _LIMIT.findall(text)}
    assert {"no_flow", "limit_steps", "message_loop", "nobody_can_act", "limit_depth"} <= raised
    assert raised <= set(INCIDENTS)


def test_every_way_that_a_call_fails_has_words() -> None:
    found: set[str] = set()
    for file in Path(outgoing.__file__).parent.glob("*.py"):
        found |= set(re.findall(r'"((?:http|connector)_[a-z_]+)"', file.read_text("utf-8")))
    assert {"http_timeout", "connector_unknown"} <= found - {"http_"}
    assert found - {"http_"} == {c for c in {*INCIDENTS, *USES} if c.startswith(("http_", "conn"))}


def _below(kind: type[Any]) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def test_every_way_that_a_formula_fails_has_words() -> None:
    """Also those that a decision model adds: each is the code of an incident as it is."""
    codes = {one.code for one in (FeelError, *_below(FeelError))}
    assert {"feel_unknown_variable", "unknown_decision", "feel_limit"} <= codes
    assert codes <= set(INCIDENTS)


def test_every_way_that_a_seal_is_not_put_on_has_words() -> None:
    codes = {one.code for one in (SigningError, *_below(SigningError))} | {Unavailable.code}
    for file in (affixing, seals):
        text = Path(file.__file__).read_text("utf-8")
        codes |= {one or other for one, other in re.findall(_SEALED, text)}
    assert {"seal_no_key", "seal_secret", "own_signature_invalid", "token_locked"} <= codes
    assert codes <= set(INCIDENTS)


@pytest.mark.parametrize("words", [RULES, USES, INCIDENTS])
def test_words_are_thai_and_short(words: dict[str, str]) -> None:
    for code, text in words.items():
        assert re.search("[ก-๙]", text), code
        assert len(text) <= 100, code
        assert not text.endswith("."), code


def test_a_finding_is_told_in_the_readers_language(enter: Any) -> None:
    source = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"'
        b' targetNamespace="urn:t"><process id="p" isExecutable="true"><startEvent id="s"/>'
        b'<userTask id="t"/></process></definitions>'
    )
    me = enter("admin")
    page = me.open("/designer").form("/designer/import").send(files=("p.bpmn", source))
    assert "“t” ยังไม่ระบุผู้ทำ งานจะไปที่ผู้เริ่มเรื่อง" in page.text
    assert "Expected" not in page.text
