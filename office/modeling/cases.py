"""Tests of a model, stored beside it: what is put in, what is answered, what must come of it.

Values are FEEL texts, as people write them; a file of tests travels with its model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from engine import jsonio
from engine.commands import checks

ENDING = ".tests.json"
MOST_CASES, MOST_ANSWERS, MOST_VALUES = 50, 100, 100
LONGEST = 20_000

_NAME = re.compile(r"[^\W\d][\w ]{0,199}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What happens at one waiting element: a task's outcome and values, a job's, a message's."""

    element: str
    outcome: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """`decision` empty: of the process. `path`: elements that are met, in this order; `end`: the
    end event, or where the process waits once all is answered. `values`: variables, or outputs.
    """

    name: str
    decision: str = ""
    start: Mapping[str, str] = field(default_factory=dict)
    answers: Sequence[Answer] = ()
    path: Sequence[str] = ()
    end: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def file_of(files: Mapping[str, bytes]) -> str | None:
    """The name of the file of tests among these; of several the first."""
    return min((name for name in files if name.endswith(ENDING)), default=None)


def read(source: bytes) -> Sequence[Case]:
    """Invalid where the file is no list of tests."""
    try:
        data = jsonio.loads(source)
        return [_case(one) for one in data["cases"]][:MOST_CASES]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise checks.refused(
            "tests", "unreadable_tests", "Expected a file of model tests, but it is none."
        ) from None


def _case(data: Mapping[str, Any]) -> Case:
    return Case(
        str(data["name"]),
        str(data.get("decision", "")),
        _texts(data.get("start", {})),
        tuple(
            Answer(str(one["element"]), str(one.get("outcome", "")), _texts(one.get("values", {})))
            for one in data.get("answers", ())[:MOST_ANSWERS]
        ),
        tuple(str(one) for one in data.get("path", ())),
        str(data.get("end", "")),
        _texts(data.get("values", {})),
    )


def _texts(data: Mapping[str, Any]) -> Mapping[str, str]:
    return {str(name): str(text) for name, text in data.items()}


def write(cases: Sequence[Case]) -> bytes:
    made = {"cases": [asdict(one) for one in cases]}
    return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()


# ---- as lines of a form


def values_in(text: str) -> Mapping[str, str]:
    """`name = FEEL`, each in a line of its own."""
    return dict(_assigned(line) for line in _lines(text)[:MOST_VALUES])


def values_out(values: Mapping[str, str]) -> str:
    return "\n".join(f"{name} = {text}" for name, text in values.items())


def answers_in(text: str) -> Sequence[Answer]:
    """`element outcome; name = FEEL; …`, each in a line of its own."""
    return [_answer(line) for line in _lines(text)[:MOST_ANSWERS]]


def answers_out(answers: Sequence[Answer]) -> str:
    return "\n".join(
        "; ".join([f"{one.element} {one.outcome}".strip(), *values_out(one.values).splitlines()])
        for one in answers
    )


def _answer(line: str) -> Answer:
    first, *rest = _parts(line)
    words = first.split()
    if not 1 <= len(words) <= 2:
        raise _wrong(line, "an element's id, and its outcome")
    return Answer(words[0], words[1] if len(words) > 1 else "", dict(map(_assigned, rest)))


def _parts(line: str) -> list[str]:
    """At semicolons outside of quotes."""
    parts = re.findall(r'(?:[^;"]|"(?:\\.|[^"\\])*"|")+', line)
    return [part.strip() for part in parts] or [""]


def _assigned(line: str) -> tuple[str, str]:
    name, sign, text = line.partition("=")
    if not sign or not _NAME.fullmatch(name.strip()) or not text.strip():
        raise _wrong(line, "a name, =, and a FEEL value")
    return name.strip(), text.strip()


def _wrong(line: str, wanted: str) -> Exception:
    return checks.refused(
        "tests", "unreadable_line", f"Expected {wanted}, but the line says {line!r:.80}."
    )


def _lines(text: str) -> list[str]:
    if len(text) > LONGEST:
        raise _wrong(text, f"at most {LONGEST:,} characters")
    return [line for line in map(str.strip, text.splitlines()) if line]


def words(text: str) -> Sequence[str]:
    """Ids between spaces, commas or lines."""
    return list(_split(text))[:MOST_VALUES]


def _split(text: str) -> Iterator[str]:
    return (word for word in re.split(r"[\s,]+", text) if word)
