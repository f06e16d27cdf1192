"""Built-in functions on text (DMN 1.5, 10.3.4.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import patterns
from engine.feel.builtins.signatures import Library
from engine.feel.errors import Nothing
from engine.feel.kinds import STRING, expect, truncated
from engine.feel.scope import Run

LIBRARY = Library()
define = LIBRARY.define


@define("substring(string: string, start position: number, length?: number?)")
def substring(_run: Run, text: str, position: Decimal, length: Decimal | None = None) -> str:
    start = truncated(position)
    if start == 0 or abs(start) > len(text):
        raise Nothing(f"Expected a position within ±{len(text)}, but got {start}.")
    start = start - 1 if start > 0 else len(text) + start
    if length is None:
        return text[start:]
    if truncated(length) < 1:
        raise Nothing(f"Expected a length of at least 1, but got {length}.")
    return text[start : start + truncated(length)]


@define("string length(string: string)")
def string_length(_run: Run, text: str) -> Decimal:
    return Decimal(len(text))


@define("upper case(string: string)")
def upper_case(run: Run, text: str) -> str:
    run.meter.write(3 * len(text))
    return text.upper()


@define("lower case(string: string)")
def lower_case(run: Run, text: str) -> str:
    run.meter.write(3 * len(text))
    return text.lower()


@define("substring before(string: string, match: string)")
def substring_before(_run: Run, text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


@define("substring after(string: string, match: string)")
def substring_after(_run: Run, text: str, match: str) -> str:
    return text.partition(match)[2] if match else text


@define("contains(string: string, match: string)")
def contains(_run: Run, text: str, match: str) -> bool:
    return match in text


@define("starts with(string: string, match: string)")
def starts_with(_run: Run, text: str, match: str) -> bool:
    return text.startswith(match)


@define("ends with(string: string, match: string)")
def ends_with(_run: Run, text: str, match: str) -> bool:
    return text.endswith(match)


@define("matches(input: string, pattern: string, flags?: string?)")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    return patterns.matches(text, pattern, flags or "", run.meter)


@define("replace(input: string, pattern: string, replacement: string, flags?: string?)")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    return patterns.replaced(text, pattern, replacement, flags or "", run.meter)


@define("split(string: string, delimiter: string)")
def split(run: Run, text: str, delimiter: str) -> list[str]:
    return patterns.parts(text, delimiter, run.meter)


@define("string join(list: list, delimiter?: string?)")
def string_join(run: Run, texts: list[Any], delimiter: str | None = None) -> str:
    kept = [expect(text, STRING) for text in texts if text is not None]
    run.meter.write(sum(map(len, kept)) + len(kept) * len(delimiter or ""))
    return (delimiter or "").join(kept)
