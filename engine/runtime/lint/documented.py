"""The rules in words for designers, each with a bad and a good diagram, as they stand in `rules/`.

A test runs every diagram: the bad one breaks its rule where “◀” points, the good one does not.

The diagrams are sketches: elements as in the file, but without prefixes and frame. `a → b when c`
is a flow with the id `a-b`, `s` and `e` are the start and the end where no others are drawn,
`--- name` begins another file, and `× 3` repeats a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

MARK = "◀"
_HOW_TO_READ = (
    "Each rule has a bad and a good diagram; ◀ points to the line of the finding.",
    "An error keeps a deployment from being made, a warning does not.",
    "The diagrams are sketches: elements without prefix and frame; “a → b when c” is a flow with",
    "the id a-b, s and e are start and end, “--- name” begins another file, “× 3” repeats a line.",
    "",
)


@dataclass(frozen=True, slots=True)
class Documented:
    """One rule: `severity` is that of its bad diagram."""

    group: str
    code: str
    severity: str
    says: str
    bad: str
    good: str


def documented() -> Iterator[Documented]:
    """In the order in which they are told."""
    texts = [f for f in (files(__package__) / "rules").iterdir() if f.name.endswith(".txt")]
    for file in sorted(texts, key=lambda f: f.name):
        group, *rules = file.read_text(encoding="utf-8").split("\n== ")
        for rule in rules:
            head, _, sketches = rule.partition("\n-- bad\n")
            bad, _, good = sketches.partition("\n-- good\n")
            title, _, says = head.partition("\n")
            code, _, severity = title.partition(" ")
            yield Documented(group.strip(), code, severity, says.strip(), bad, good.strip("\n"))


def page() -> Iterator[str]:
    """All rules as lines of text."""
    yield from _HOW_TO_READ
    for group, rules in groupby(documented(), key=lambda rule: rule.group):
        yield from (group, "=" * len(group), "")
        for rule in rules:
            yield f"{rule.code} ({rule.severity})"
            yield f"  {rule.says}"
            for title, sketch in (("Not so:", rule.bad), ("But so:", rule.good)):
                yield f"  {title}"
                yield from (f"    {line}" for line in sketch.splitlines())
            yield ""
