"""Every fault of the matrix is run by tests that exist, or says why not; the table is printed."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.faults_matrix import MATRIX, Fault

TESTS = Path(__file__).parents[1]


def _defined(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("number", MATRIX)
def test_it_is_run_or_says_why_not(number: str) -> None:
    fault: Fault = MATRIX[number]
    assert fault.tests or fault.not_run
    for test in fault.tests:
        file, name = test.split("::")
        assert name in _defined(TESTS / file), test


def test_the_matrix_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(MATRIX) == [f"F{number}" for number in range(1, 29)]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *_table(), ""]))


def _table() -> Iterator[str]:
    for number, fault in MATRIX.items():
        status = f"{len(fault.tests)} tests" if fault.tests else "not run"
        yield f"{number:4} {status:8} {fault.what}"
        if fault.not_run:
            yield f"{'':13} not run here: {fault.not_run}"
