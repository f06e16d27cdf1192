"""A cell as a person fills it in, as FEEL, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from office.chains.conditions import day
from office.chains.matrix.ways import TEXT, quoted, unquoted
from office.chains.model import Cell, Chain, Field, FieldKind

#: fields that a column can ask about, with DMN's names of their types
KINDS: Mapping[FieldKind, str] = {
    "number": "number", "choice": "string", "check": "boolean", "date": "date", "text": "string",
}  # fmt: skip
ANY = "-"
_N = r"(-?[0-9]{1,30}(?:\.[0-9]{1,30})?)"
_D = r'date\(\s*"([0-9]{4}-[0-9]{2}-[0-9]{2})"\s*\)'
#: low, high, or both
_RANGES: Mapping[str, tuple[str, str, str]] = {
    "number": (rf">\s*{_N}", rf"<=\s*{_N}", rf"[(\]]\s*{_N}\s*\.\.\s*{_N}\s*\]"),
    "date": (rf">=\s*{_D}", rf"<=\s*{_D}", rf"\[\s*{_D}\s*\.\.\s*{_D}\s*\]"),
}
_TEXTS = re.compile(rf"{TEXT}(?:\s*,\s*{TEXT})*")


def usable(chain: Chain) -> list[Field]:
    """The fields of which a matrix can make columns."""
    return [field for field in chain.known if field.kind in KINDS]


def filled(cell: Cell) -> bool:
    return cell != Cell()


def sound(cell: Cell, field: Field) -> bool:
    """Whether what was filled in fits the field."""
    if field.kind not in _RANGES:
        known = {"check": ("true", "false"), "choice": field.options}.get(field.kind, cell.values)
        one = len(cell.values) <= (1 if field.kind == "check" else 50)
        return not (cell.low or cell.high) and one and set(cell.values) <= set(known)
    if cell.values:
        return False
    try:
        low, high = (_end(one, field.kind) if one else None for one in (cell.low, cell.high))
    except (ValueError, ArithmeticError):
        return False
    return low is None or high is None or (low < high or (low == high and field.kind == "date"))


def _end(text: str, kind: str) -> Decimal:
    if kind == "date":
        return Decimal(day(text).toordinal())
    if not re.fullmatch(_N, text):
        raise ValueError(text)
    return Decimal(text)


def written(cell: Cell, field: Field) -> str:
    """FEEL's unary test."""
    if not filled(cell):
        return ANY
    if field.kind == "check":
        return "".join(cell.values)
    if field.kind not in _RANGES:
        return ", ".join(map(quoted, cell.values))
    days = field.kind == "date"
    low, high = (f'date("{one}")' if days else one for one in (cell.low, cell.high))
    if not cell.low:
        return f"<= {high}"
    if not cell.high:
        return f">= {low}" if days else f"> {low}"
    return f"[{low}..{high}]" if days else f"({low}..{high}]"


def read(text: str, field: Field) -> Cell | None:
    """None: the text says what no cell can."""
    text = text.strip()
    if text in ("", ANY):
        return Cell()
    if field.kind == "check":
        return Cell(values=(text,)) if text in ("true", "false") else None
    if field.kind in _RANGES:
        return _range(text, _RANGES[field.kind])
    if not _TEXTS.fullmatch(text):
        return None
    values = [unquoted(one) for one in re.findall(TEXT, text)]
    known = [one for one in values if one is not None]
    return Cell(values=tuple(known)) if len(known) == len(values) else None


def _range(text: str, patterns: tuple[str, str, str]) -> Cell | None:
    low, high, both = (re.fullmatch(pattern, text) for pattern in patterns)
    if low:
        return Cell(low[1])
    if high:
        return Cell(high=high[1])
    return Cell(both[1], both[2]) if both else None
