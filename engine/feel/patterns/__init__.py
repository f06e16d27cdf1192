"""Regular expressions: XPath's, run by RE2 in time that grows only with the text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

from engine.feel.errors import LimitExceeded, Nothing
from engine.feel.limits import MAX_PATTERN, MAX_SEARCH, Meter
from engine.feel.patterns.xpath import translated

_MEMORY = 2 << 20
#: as many compiled patterns are kept, each with up to so much memory
_KEPT = 128
#: of a group; a pattern cannot have as many groups
_DIGITS = 9
#: what a step of the meter may search: instructions times characters
_STEP = 1_000
_FLAGS = frozenset("smixq")


def compiled(pattern: str, flags: str) -> Any:
    if len(pattern) > MAX_PATTERN:
        raise LimitExceeded(f"Expected a pattern of at most {MAX_PATTERN} characters.")
    if not set(flags) <= _FLAGS:
        raise Nothing(f"Expected flags among s, m, i, x, q, but got {flags!r}.")
    return _compiled(pattern, "".join(sorted(set(flags))))


@lru_cache(maxsize=_KEPT)
def _compiled(pattern: str, flags: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    options.case_sensitive = "i" not in flags
    options.literal = "q" in flags
    if "q" not in flags:
        expression = translated(pattern, dot_all="s" in flags, spaced="x" in flags)
        pattern = "(?m)" + expression if "m" in flags else expression
    try:
        return re2.compile(pattern, options)
    except re2.error:
        raise Nothing(f"Expected a regular expression, but got {pattern[:60]!r}.") from None


def matches(text: str, pattern: str, flags: str, meter: Meter) -> bool:
    return _affordable(pattern, flags, text, meter).search(text) is not None


def _affordable(pattern: str, flags: str, text: str, meter: Meter) -> Any:
    """The compiled pattern, when searching the whole text once is not too much."""
    expression = compiled(pattern, flags)
    work = expression.programsize * len(text)
    if work > MAX_SEARCH:
        raise LimitExceeded(
            f"Expected a pattern and a text that take at most {MAX_SEARCH:,} comparisons, but "
            f"{pattern[:60]!r} takes {work:,} for this text. Shorten one of them."
        )
    meter.work(work // _STEP)
    return expression


def replaced(text: str, pattern: str, replacement: str, flags: str, meter: Meter) -> str:
    """Every match replaced; `$1` in the replacement is the first group."""
    expression = _affordable(pattern, flags, text, meter)
    if expression.search("") is not None:
        raise Nothing("Expected a pattern that does not match the empty text.")
    template = [replacement] if "q" in flags else _template(replacement, expression.groups)
    made: list[str] = []
    end = 0
    for found in expression.finditer(text):
        meter.watch()
        new = [part if isinstance(part, str) else found[part] or "" for part in template]
        meter.write(found.start() - end + sum(map(len, new)))
        made += [text[end : found.start()], *new]
        end = found.end()
    return "".join([*made, text[end:]])


_SIGN = re.compile(r"\\(.)|\$(\d+)|([\\$])|([^\\$]+)", re.DOTALL)


def _template(replacement: str, groups: int) -> list[str | int]:
    """The replacement as literal texts and numbers of groups."""
    template: list[str | int] = []
    for found in _SIGN.finditer(replacement):
        escaped, group, stray, literal = found.groups()
        if stray or (escaped and escaped not in "\\$"):
            raise Nothing("Expected '$' before a digit and '\\' before '$' or '\\'.")
        template += [literal or escaped] if group is None else _group(group, groups)
    return template


def _group(digits: str, groups: int) -> list[str | int]:
    """`$12` is group 12 where there are as many, else group 1 and a 2; an unknown one is empty.
    Group 0 is the whole match.
    """
    taken = min(len(digits), _DIGITS)
    while taken > 1 and int(digits[:taken]) > groups:
        taken -= 1
    number, rest = int(digits[:taken]), digits[taken:]
    return [number, rest] if number <= groups else [rest]


def parts(text: str, delimiter: str, meter: Meter) -> list[str]:
    """The text cut at every match of the delimiter."""
    expression = _affordable(delimiter, "", text, meter)
    if expression.search("") is not None:
        raise Nothing("Expected a delimiter that does not match the empty text.")
    meter.write(len(text))
    made: list[str] = []
    end = 0
    for found in expression.finditer(text):
        meter.watch()
        meter.grow(1)
        made.append(text[end : found.start()])
        end = found.end()
    meter.grow(1)
    return [*made, text[end:]]
