"""No diagram, decision model, form or expression ever reaches eval, exec, compile or Spiff's own.

The fixture `no_python` holds it for every test of the folders named here; they run each shipped
process along every flow, each BPMN element, and FEEL and DMN by the standard's own test kit.
"""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from support import golden
from support.diagrams import bpmn, end, path, process, script, start
from support.feel import tried
from support.no_python import no_python, watched  # noqa: F401 - a fixture
from support.walking import Walk, compiled

from engine.feel.builtins import BUILTINS

TESTS = Path(__file__).parents[1]
WATCHED = ("processes", "unit/runtime", "unit/feel", "unit/dmn", "unit/forms", "contract/tck",
           "property/runtime")  # fmt: skip


@pytest.mark.parametrize("folder", WATCHED)
def test_the_folders_that_run_diagrams_are_watched(folder: str):
    tree = ast.parse((TESTS / folder / "conftest.py").read_text())
    imported = {
        name.name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names
    }
    assert "no_python" in imported


def test_every_shipped_model_has_a_file_that_takes_its_every_flow():
    told = "\n".join(file.read_text() for file in (TESTS / "processes").glob("test_*.py"))
    library = TESTS.parent / "bpmn"
    shipped = [f for kind in ("bpmn", "dmn") for f in library.rglob(f"*.{kind}")]
    assert shipped
    assert [f.name for f in shipped if f.name not in told] == []


@pytest.mark.parametrize("name", sorted(golden.CASES))
def test_an_element_that_waits_and_goes_on_reaches_no_python(name: str):
    files, variables, before, after = golden.CASES[name]()
    walk = Walk(compiled(*files), variables=variables)
    for verb, element_id, given in (*before, *after):
        getattr(walk, verb)(*([] if element_id is None else [element_id]), **given)


def test_every_function_of_feel_reaches_no_python():
    for name in BUILTINS:
        for given in ('"__import__(1)"', "[1, 2]", "{a: 1}", '"1", "2", "3"', "1, 2"):
            tried(f"[{name}({given})]")


# -- the watch itself -------------------------------------------------------------------------

SLIPS: dict[str, Callable[[], Any]] = {
    "eval": lambda: eval("1"),
    "exec": lambda: exec("1"),
    "compile": lambda: compile("1", "a", "eval"),
    "ast": lambda: ast.parse("1"),
    "spiff": lambda: PythonScriptEngine().evaluate(SimpleNamespace(data={}), "1"),
    "spiff_script": lambda: PythonScriptEngine().execute(SimpleNamespace(data={}), "1"),
}
_NUMBERS = count()


def slipped(slip: Callable[[], Any]) -> list[str]:
    """What is noticed when a function of FEEL does this. Compiled text is kept, with the function
    that it calls: no other test may write the same text.
    """
    text = f'{{a: lower case("{next(_NUMBERS)} slips")}}'
    slipping = replace(BUILTINS["lower case"], body=lambda *_: slip())
    with pytest.MonkeyPatch.context() as patch, watched() as reached:
        patch.setitem(cast(dict[str, Any], BUILTINS), "lower case", slipping)
        nodes = (start("s"), script("c", text), end("e"), path("s", "c", "e"))
        with contextlib.suppress(AssertionError):
            Walk(compiled(bpmn(process("p", *nodes))))
    return reached


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_beneath_the_engine_is_noticed(slip: str):
    assert len(slipped(SLIPS[slip])) == 1


def test_what_is_imported_late_is_no_slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "imported_late.py").write_text("exec('a = 1')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert slipped(lambda: import_module("imported_late")) == []
    assert "imported_late" in sys.modules


def test_what_runs_beside_the_engine_is_no_slip():
    with watched() as reached:
        exec("1")
    assert reached == []
