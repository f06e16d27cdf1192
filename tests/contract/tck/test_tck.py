"""Conformance with DMN 1.5, case by case. What passes once must pass for ever (passing.txt)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from contract.tck.cases import Case, read_suite
from contract.tck.judging import models, passes
from support import needs

from engine import dmn

_HERE = Path(__file__).parent
_KIT = _HERE.parents[2].parent / "shared" / "tck"
_PASSING = _HERE / "passing.txt"
#: code outside of FEEL, which is never run here
JAVA = frozenset({"0076-feel-external-java"})
_MISSING = f"Expected the kit at ../shared/tck beside the repository, but {_KIT} is missing."


def _suites() -> list[Path]:
    return sorted(_KIT.glob("compliance-level-*/*"))


def _listed() -> Mapping[str, frozenset[str]]:
    """The suites that pass, each with the cases that do not."""
    lines = [line.split("#")[0] for line in _PASSING.read_text().splitlines()]
    parts = [line.partition(":") for line in lines if line.strip()]
    return {suite.strip(): frozenset(cases.split()) for suite, _, cases in parts}


def _failing(suite: Path) -> tuple[list[Case], list[Case]]:
    cases = read_suite(suite)
    loaded = {file: dmn.load(models(suite, file)) for file in {case.model for case in cases}}
    failing = [case for case in cases if not passes(case, loaded[case.model])]
    return cases, failing


def test_the_kit_is_there() -> None:
    if not _suites():
        needs.lacking(_MISSING)


@pytest.mark.parametrize("suite", _suites(), ids=lambda suite: suite.name)
def test_suite(suite: Path) -> None:
    known = _listed().get(suite.name)
    assert known is not None, "Expected every suite of the kit in passing.txt."
    cases, failing = _failing(suite)
    assert cases, "Expected cases in the suite, but it is empty."
    names = {case.id for case in failing}
    assert names - known == set(), "These passed before."
    assert known - names == set(), "These pass now: take them off the list."


def test_no_suite_is_lost() -> None:
    if not _suites():
        needs.lacking(_MISSING)
    assert set(_listed()) == {suite.name for suite in _suites()}


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize("is_error", [False, True], ids=["values", "errors"])
def test_the_share_that_passes(level: int, is_error: bool) -> None:
    """Level 2 all; of level 3 without Java at least 98 of 100: the list may hold no more than that.

    A list with fewer cases than fail makes `test_suite` fail, so that its share is the real one.
    """
    if not _suites():
        needs.lacking(_MISSING)
    listed = _listed()
    passed = [
        case.id not in listed.get(suite.name, ())
        for suite in _suites()
        if suite.parent.name == f"compliance-level-{level}" and suite.name not in JAVA
        for case in read_suite(suite)
        if case.is_error == is_error
    ]
    assert passed or (level, is_error) == (2, True)
    assert sum(passed) >= (0.98 if level == 3 else 1) * len(passed)
