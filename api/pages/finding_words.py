"""What the engine finds wrong, in Thai, for those who draw: the engine itself knows no language.

The pairs in `findings/*.txt` are an English template, and the Thai one below it. Between the
literal parts of a template stands whatever the finding says: names and quoted texts stay as they
are; where a template names its place `why`, `kind` or another of `_TOLD`, what stands there is
itself told in Thai.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from api.pages.i18n import language
from engine.errors import Problem
from forms.messages import TEXTS
from office.people.shortfalls import SHORTFALLS, Pair

_PLACE = re.compile(r"\{([a-z_]+)\}")
_TOLD = frozenset({"why", "what", "where", "kind", "wrong", "wanted"})
#: of what stands within other texts, never of a whole one
_PARTS = ("parts.txt", "values.txt", "running.txt", "tests.txt")
#: where in its text FEEL finds a mistake
_WHERE = re.compile(r"(\d+):(\d+) (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Template:
    """English literals with a place between each two of them, and the Thai that says the same."""

    literals: Sequence[str]
    places: Sequence[str]
    thai: str

    @property
    def weight(self) -> int:
        """How much of a text it fixes: of two that fit, the one that fixes more is meant."""
        return sum(map(len, self.literals))

    def match(self, text: str) -> Mapping[str, str] | None:
        """What stands at its places; None where the text is another, or can be read in two ways:
        a name that holds the template's own words is better left in English than torn apart.
        """
        if not text.startswith(self.literals[0]):
            return None  # most of them: a big diagram's findings meet every template
        first = self._read(text)
        return first if first is not None and first == self._read_back(text) else None

    def _read(self, text: str) -> Mapping[str, str] | None:
        """Each place as short as can be, from the left."""
        head, *inner = self.literals
        if not inner:
            return {} if text == head else None
        end = len(text) - len(inner[-1])
        if not text.startswith(head) or not text.endswith(inner[-1]):
            return None
        found, at = [], len(head)
        for literal in inner[:-1]:
            stop = text.find(literal, at, end)
            if stop < 0:
                return None
            found.append(text[at:stop])
            at = stop + len(literal)
        return dict(zip(self.places, [*found, text[at:end]], strict=True)) if at <= end else None

    def _read_back(self, text: str) -> Mapping[str, str] | None:
        """Each place as short as can be, from the right."""
        back = Template(
            [one[::-1] for one in reversed(self.literals)], tuple(reversed(self.places)), ""
        )
        found = back._read(text[::-1])
        return None if found is None else {name: value[::-1] for name, value in found.items()}


def finding_in_thai(problem: Problem) -> str:
    """What is wrong and how to mend it; empty where one of the two has no Thai words."""
    return " ".join(parts_in_thai(problem)).strip()


def parts_in_thai(problem: Problem) -> tuple[str, str]:
    """(what is wrong, how to mend it); both empty where one of the two has no Thai words."""
    message, mend = in_thai(problem.message), in_thai(problem.mend)
    return ("", "") if message is None or mend is None else (message, mend)


def finding_in_words(problem: Problem) -> str:
    """In the reader's language; empty where the reader reads the finding itself."""
    return " ".join(parts_in_words(problem)).strip()


def parts_in_words(problem: Problem) -> tuple[str, str]:
    """The same as two texts."""
    return parts_in_thai(problem) if language() == "th" else ("", "")


def feel_in_thai(text: str) -> str:
    """What FEEL says of an expression, with its place in it; as it is where no template fits."""
    return _placed(text)


def feel_in_words(text: str) -> str:
    """In the reader's language."""
    return feel_in_thai(text) if language() == "th" else text


@lru_cache(maxsize=1024)
def in_thai(text: str) -> str | None:
    """A finding's message or mend; None where no template fits it."""
    return _said(text, _templates()) if text else ""


def _said(text: str, templates: Sequence[Template]) -> str | None:
    text = text.removesuffix(".")
    for one in templates:
        values = one.match(text)
        if values is not None:
            pieces = _PLACE.split(one.thai)
            pieces[1::2] = [_value(name, values) for name in pieces[1::2]]
            return "".join(pieces)
    return None


def _value(name: str, values: Mapping[str, str]) -> str:
    value = values[name]
    if name not in _TOLD:
        return value
    return _placed(value)


def _placed(value: str) -> str:
    """A part of a text, or what FEEL says of a place in its own."""
    if placed := _WHERE.fullmatch(value):
        line, column, value = placed.groups()
        return f"บรรทัด {line} ตัวที่ {column} {_said(value, _inner()) or value}"
    return _said(value, _inner()) or value


@cache
def _templates() -> Sequence[Template]:
    """Those of whole texts, the most telling first."""
    whole = [template for name in _names() if name not in _PARTS for template in read(name)]
    mends = {one.mend: None for one in SHORTFALLS.values()}
    return _sorted([*whole, *(_of_pair(pair) for pair in mends)])


@cache
def _inner() -> Sequence[Template]:
    """Those of what stands within: parts, and the errors of FEEL."""
    lacking = [_of_pair(one.why) for one in SHORTFALLS.values()]
    names = (*_PARTS, "feel.txt", "waiting.txt")
    spoken = [_spoken(*pair) for pair in TEXTS.values()]
    return _sorted([*(one for name in names for one in read(name)), *lacking, *spoken])


def _spoken(thai: str, english: str) -> Template:
    """What a form says to whoever filled it in."""
    parts = _PLACE.split(english.removesuffix("."))
    return Template(tuple(parts[::2]), tuple(parts[1::2]), thai)


def _of_pair(pair: Pair) -> Template:
    """What the office says in both languages, with a name in it or without."""
    thai, english = pair
    literals = tuple(english.split("%s"))
    return Template(literals, ("name",) * (len(literals) - 1), thai.replace("%s", "{name}"))


def _sorted(templates: Iterator[Template] | list[Template]) -> Sequence[Template]:
    return sorted(templates, key=lambda one: (-one.weight, one.literals))


def _names() -> list[str]:
    return sorted(f.name for f in (files(__package__) / "findings").iterdir())


def read(name: str) -> Iterator[Template]:
    """The templates of one file. Lines that are empty or begin with # are left aside."""
    text = (files(__package__) / "findings" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("# ")]
    for english, thai in zip(lines[::2], lines[1::2], strict=True):
        parts = _PLACE.split(english.removesuffix("."))
        yield Template(tuple(parts[::2]), tuple(parts[1::2]), thai)
