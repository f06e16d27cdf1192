"""Regular expressions: XPath's, run by RE2 in time that grows only with the text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

from engine.feel.errors import LimitExceeded, Nothing
from engine.feel.limits import MAX_PATTERN, Meter

_MEMORY = 8 << 20
_FLAGS = frozenset("smixq")


def compiled(pattern: str, flags: str) -> Any:
    if len(pattern) > MAX_PATTERN:
        raise LimitExceeded(f"Expected a pattern of at most {MAX_PATTERN} characters.")
    if not set(flags) <= _FLAGS:
        raise Nothing(f"Expected flags among s, m, i, x, q, but got {flags!r}.")
    return _compiled(pattern, "".join(sorted(set(flags))))


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    options.case_sensitive = "i" not in flags
    options.dot_nl = "s" in flags
    options.literal = "q" in flags
    if "q" not in flags:
        pattern = re.sub(r"\s+", "", pattern) if "x" in flags else pattern
        pattern = "(?m)" + pattern if "m" in flags else pattern
    try:
        return re2.compile(pattern, options)
    except re2.error:
        raise Nothing(f"Expected a regular expression, but got {pattern[:60]!r}.") from None


def replaced(text: str, pattern: str, replacement: str, flags: str, meter: Meter) -> str:
    """Every match replaced; `$1` in the replacement is the first group."""
    expression = compiled(pattern, flags)
    if expression.search("") is not None:
        raise Nothing("Expected a pattern that does not match the empty text.")
    parts = [(replacement, 0)] if "q" in flags else _template(replacement, expression.groups)
    made: list[str] = []
    end = 0
    for found in expression.finditer(text):
        made.append(text[end : found.start()])
        made += [literal if literal else found[group] or "" for literal, group in parts]
        meter.write(sum(map(len, made[-len(parts) - 1 :])))
        end = found.end()
    made.append(text[end:])
    return "".join(made)


_SIGN = re.compile(r"\\(.)|\$(\d+)|([\\$])|([^\\$]+)", re.DOTALL)


def _template(replacement: str, groups: int) -> list[tuple[str, int]]:
    """The replacement as literal texts and group numbers."""
    parts: list[tuple[str, int]] = []
    for found in _SIGN.finditer(replacement):
        escaped, group, stray, literal = found.groups()
        if stray or (escaped and escaped not in "\\$"):
            raise Nothing("Expected '$' before a digit and '\\' before '$' or '\\'.")
        if group is None:
            parts.append((literal or escaped, 0))
        else:
            parts += _group(group, groups)
    return parts


def _group(digits: str, groups: int) -> list[tuple[str, int]]:
    """`$12` is group 12 where there are as many, else group 1 and a 2; an unknown one is empty."""
    number, rest = int(digits), ""
    while number > groups and number > 9:
        rest = digits[-1] + rest
        digits = digits[:-1]
        number = int(digits)
    parts = [("", number)] if number <= groups else []
    return [*parts, (rest, 0)] if rest else parts


def parts(text: str, delimiter: str, meter: Meter) -> list[str]:
    """The text cut at every match of the delimiter."""
    expression = compiled(delimiter, "")
    if expression.search("") is not None:
        raise Nothing("Expected a delimiter that does not match the empty text.")
    meter.write(len(text))
    made: list[str] = []
    end = 0
    for found in expression.finditer(text):
        made.append(text[end : found.start()])
        end = found.end()
    return [*made, text[end:]]
