"""All rules over all fields of a letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from office.documents import notation
from office.documents.greetings import REGULATION, Manners
from office.documents.style import names, numbers, spacing
from office.documents.style.finding import Finding, Mark
from office.documents.style.shelter import Ground, sheltered
from office.documents.style.wording import phrases

#: The earlier rule wins where two would change the same characters: its mend settles both.
RULES: Sequence[Callable[[str], Iterator[Mark]]] = (
    spacing.letters,
    numbers.dates,
    numbers.years,
    numbers.times,
    numbers.sums,
    names.shortened,
    names.misspelt,
    spacing.repeated,
    spacing.cut_short,
    spacing.wide,
    numbers.spaces_at_numbers,
    numbers.digits,
)
#: Advice without a mend: it may lie across others.
QUESTIONS: Sequence[Callable[[str], Iterator[Mark]]] = (numbers.weekdays, numbers.sums_in_words)
_LINES = ("subject", "to", "address")
_LISTS = ("refs", "paragraphs", "cc")


def check(content: Mapping[str, Any], manners: Manners = REGULATION) -> list[Finding]:
    """Every finding in reading order, each with its place; empty where the letter is as it
    should be. `manners`: how the agency greets.
    """
    content = _without_marks(content)
    found = [
        Finding(mark.rule, path, mark.start, mark.end, text, mark.mend)
        for path, text in _texts(content)
        for mark in marks(text)
    ]
    whole = list(phrases(content, manners))
    kept = [one for one in found if not any(_same_place(one, other) for other in whole)]
    order = {path: place for place, path in enumerate(["salutation", *dict(_texts(content))])}
    return sorted(
        [*kept, *whole], key=lambda one: (order.get(one.path, len(order)), one.start, one.rule)
    )


def _without_marks(content: Mapping[str, Any]) -> dict[str, Any]:
    return {**content, "paragraphs": list(map(notation.plain, content.get("paragraphs") or ()))}


def _same_place(one: Finding, other: Finding) -> bool:
    """Whether a mend of a whole phrase settles this one, too."""
    if one.path != other.path or other.mend is None or one.start == one.end:
        return False
    return one.start < other.end and other.start < one.end


def marks(text: str) -> list[Mark]:
    """What one text shows by itself; no two of the mends share a character."""
    shelter = sheltered(text)
    ground = Ground(text, shelter)
    found = [mark for rule in RULES for mark in rule(text) if ground.take((mark.start, mark.end))]
    found += _left_of_runs(text, ground, Ground(text, shelter))
    questions = [mark for rule in QUESTIONS for mark in rule(text)]
    return sorted([*found, *questions], key=lambda mark: (mark.start, mark.end))


def _left_of_runs(text: str, ground: Ground, sheltered_alone: Ground) -> Iterator[Mark]:
    """Figures beside a date or a time in one run: a mend of that would uncover them."""
    for run in numbers.digits(text):
        if sheltered_alone.take((run.start, run.end)):
            yield from (
                mark
                for mark in numbers.figures(text, run.start, run.end)
                if ground.take((mark.start, mark.end))
            )


def _texts(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Whatever is printed as prose, by its path."""
    yield from ((name, content[name]) for name in _LINES if content.get(name))
    for name in _LISTS:
        for place, text in enumerate(content.get(name) or ()):
            if text:
                yield f"{name}.{place}", text
    for place, line in enumerate(content.get("attachments") or ()):
        for part in ("name", "qty"):
            if text := line.get(part):
                yield f"attachments.{place}.{part}", text
    if tel := (content.get("contact") or {}).get("tel"):
        yield "contact.tel", tel
