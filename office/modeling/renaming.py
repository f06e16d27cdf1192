"""A diagram under another process id and name: text in, text out, all else as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from office.modeling import rules

_REFERRING = "id|bpmnElement|processRef|calledElement"
_TAG = re.compile(r"""<(?:[\w.-]+:)?process\b(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ID = re.compile(r"""\sid\s*=\s*(["'])(.*?)\1""")
_NAME = re.compile(r"""\sname\s*=\s*(["']).*?\1""", re.DOTALL)


def renamed(files: Mapping[str, str], drawn: str, key: str, name: str) -> dict[str, str]:
    """`files` with the process of the file `drawn` called `key` and `name`. Every other process in
    them gets an id of its own as well: a draft that was begun never publishes over another's.
    """
    main = rules.identify(files[drawn]).key
    found = [one for file in sorted(files) if _diagram(file) for one in _keys(files[file])]
    others = [one for one in dict.fromkeys(found) if one != main]
    ids = {main: key} | {one: f"{key}-{n}" for n, one in enumerate(others, 2)}
    made = {file: _referred(text, ids) if _diagram(file) else text for file, text in files.items()}
    made[drawn] = _TAG.sub(lambda tag: _titled(tag[0], key, name), made[drawn])
    return made


def _diagram(file: str) -> bool:
    return file.lower().endswith(rules.DIAGRAMS)


def _keys(text: str) -> list[str]:
    return [found[2] for tag in _TAG.findall(text) if (found := _ID.search(tag))]


def _referred(text: str, ids: Mapping[str, str]) -> str:
    """In one pass, so that no id is renamed twice."""
    names = "|".join(map(re.escape, ids))
    pattern = rf"""(\s(?:{_REFERRING})\s*=\s*(["'])(?:[\w.-]+:)?)({names})(?=\2)"""
    return re.sub(pattern, lambda found: found[1] + ids[found[3]], text)


def _titled(tag: str, key: str, name: str) -> str:
    found = _ID.search(tag)
    if found is None or found[2] != key:
        return tag
    said = f' name="{escape(name, {chr(34): "&quot;"})}"'
    bare = _NAME.sub("", tag, count=1)
    at = _ID.search(bare)
    assert at is not None
    return bare[: at.end()] + said + bare[at.end() :]
