"""Tests of a model, stored beside it: what is put in, what is answered, what must come of it.

Values are FEEL texts, as people write them; a file of tests travels with its model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Sized
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from engine import jsonio
from engine.commands import checks
from engine.errors import FieldError, Invalid

ENDING = ".tests.json"
MOST_CASES, MOST_ANSWERS, MOST_VALUES = 50, 100, 100
LONGEST = 20_000
#: characters of one value, name or id: no FEEL is longer
LONGEST_TEXT = 4_000


class Unreadable(Invalid):
    """`line` is the beginning of the line that cannot be read."""

    def __init__(self, message: str, errors: Sequence[FieldError], *, line: str) -> None:
        super().__init__(message, errors)
        self.line = line


_Many = TypeVar("_Many", bound=Sized)
_NAME = re.compile(r"[^\W\d][\w ]{0,199}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What happens at one waiting element: a task's outcome and values, a job's, a message's."""

    element: str
    outcome: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """`decision` empty: of the process. `starter`: whose superiors a look-up finds, by sign-in
    name. `path`: elements that are met, in this order; `end`: the
    end event, or where the process waits once all is answered. `values`: variables, or outputs.
    """

    name: str
    decision: str = ""
    start: Mapping[str, str] = field(default_factory=dict)
    answers: Sequence[Answer] = ()
    path: Sequence[str] = ()
    end: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    starter: str = ""


def file_of(files: Mapping[str, bytes]) -> str | None:
    """The name of the file of tests among these; of several the first."""
    return min((name for name in files if name.endswith(ENDING)), default=None)


def file_to_write(files: Mapping[str, bytes], key: str) -> str:
    """The name of the file of tests; where there is none yet, after the process that it tests."""
    return file_of(files) or f"{key or 'model'}{ENDING}"


def read(source: bytes) -> Sequence[Case]:
    """Invalid where the file is no list of tests, or asks for more than a list may (too_large);
    its path names the place.
    """
    try:
        data = jsonio.loads(source)
        found = _at_most(MOST_CASES, data["cases"], "cases")
        return [_case(one, f"cases.{at}") for at, one in enumerate(found)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise checks.refused(
            "tests", "unreadable_tests", "Expected a file of model tests, but it is none."
        ) from None


def _case(data: Mapping[str, Any], at: str) -> Case:
    answers = _at_most(MOST_ANSWERS, data.get("answers", ()), f"{at}.answers")
    path = _at_most(MOST_VALUES, data.get("path", ()), f"{at}.path")
    return Case(
        _text(data["name"], f"{at}.name"),
        _text(data.get("decision", ""), f"{at}.decision"),
        _texts(data.get("start", {}), f"{at}.start"),
        tuple(_read_answer(one, f"{at}.answers.{n}") for n, one in enumerate(answers)),
        tuple(_text(one, f"{at}.path") for one in path),
        _text(data.get("end", ""), f"{at}.end"),
        _texts(data.get("values", {}), f"{at}.values"),
        _text(data.get("starter", ""), f"{at}.starter"),
    )


def _read_answer(data: Mapping[str, Any], at: str) -> Answer:
    return Answer(
        _text(data["element"], f"{at}.element"),
        _text(data.get("outcome", ""), f"{at}.outcome"),
        _texts(data.get("values", {}), f"{at}.values"),
    )


def _texts(data: Mapping[str, Any], at: str) -> Mapping[str, str]:
    found = _at_most(MOST_VALUES, data, at).items()
    return {_text(name, at): _text(text, f"{at}.{name!s:.200}") for name, text in found}


def _text(value: Any, at: str) -> str:
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise _too_large(at, f"{LONGEST_TEXT:,} characters", len(text))
    return text


def _at_most(most: int, found: _Many, at: str) -> _Many:
    if len(found) > most:
        raise _too_large(at, f"{most} entries", len(found))
    return found


def _too_large(at: str, most: str, present: int) -> Exception:
    return checks.refused(
        at,
        "too_large",
        f"Expected at most {most} at {at}, but there are {present:,}; make the tests smaller.",
    )


def write(cases: Sequence[Case]) -> bytes:
    made = {"cases": [asdict(one) for one in cases]}
    return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()


# ---- as lines of a form


def values_in(text: str) -> Mapping[str, str]:
    """`name = FEEL`, each in a line of its own; Unreadable at the first that is none."""
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
    if len(rest) > MOST_VALUES:
        raise _wrong(line, f"at most {MOST_VALUES} values")
    return Answer(words[0], words[1] if len(words) > 1 else "", dict(map(_assigned, rest)))


def _parts(line: str) -> list[str]:
    """At semicolons outside of quotes."""
    parts = re.findall(r'(?:[^;"]|"(?:\\.|[^"\\])*"|")+', line)
    return [part.strip() for part in parts] or [""]


def _assigned(line: str) -> tuple[str, str]:
    name, sign, text = line.partition("=")
    if not sign or not _NAME.fullmatch(name.strip()) or not text.strip():
        raise _wrong(line, "a name, =, and a FEEL value")
    if len(text) > LONGEST_TEXT:
        raise _wrong(line, f"a value of at most {LONGEST_TEXT:,} characters")
    return name.strip(), text.strip()


def _wrong(line: str, wanted: str) -> Unreadable:
    message = f"Expected {wanted}, but the line says {line!r:.80}."
    return Unreadable(message, [FieldError("tests", message, "unreadable_line")], line=line[:80])


def _lines(text: str) -> list[str]:
    if len(text) > LONGEST:
        raise _wrong(text, f"at most {LONGEST:,} characters")
    return [line for line in map(str.strip, text.splitlines()) if line]


def words(text: str) -> Sequence[str]:
    """Ids between spaces, commas or lines."""
    return list(_split(text))[:MOST_VALUES]


def _split(text: str) -> Iterator[str]:
    return (word for word in re.split(r"[\s,]+", text) if word)
