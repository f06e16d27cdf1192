"""What a decision table answers and what it does not, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from api.pages import thdate
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from engine import jsonio
from engine.dmn import Coverage
from engine.dmn.coverage import Others, Piece, Span
from engine.feel import to_text
from engine.feel.values import to_json
from office.modeling.tables import Table


def sentences(found: Coverage, table: Table) -> Iterator[tuple[str, str]]:
    """(tone, sentence): danger is answered twice, warn not at all, info is not told."""
    for overlap in found.overlaps:
        where = _region(overlap.region, table)
        yield "danger", _(
            "กฎข้อ %(a)s และข้อ %(b)s ตอบซ้อนกัน เมื่อ %(where)s",
            a=overlap.first, b=overlap.second, where=where,
        )  # fmt: skip
    for rule in found.hidden:
        yield "warn", _("กฎข้อ %(n)s ไม่มีวันได้ใช้ เพราะกฎก่อนหน้าตอบแทนทุกกรณี", n=rule)
    for gap in found.gaps:
        where = _region(gap.region, table)
        if gap.uncertain:
            yield "info", _("อาจไม่มีกฎใดตอบ เมื่อ %(where)s", where=where)
        elif found.has_default:
            yield "info", _("ใช้ค่าปริยาย เมื่อ %(where)s", where=where)
        else:
            yield "warn", _("ไม่มีกฎใดตอบ เมื่อ %(where)s", where=where)
    yield from _left_out(found, table)


def _left_out(found: Coverage, table: Table) -> Iterator[tuple[str, str]]:
    for one in found.unjudged:
        label = table.inputs[one.column - 1].label
        yield "info", _(
            "ไม่ได้ตรวจกฎข้อ %(n)s เพราะช่อง “%(column)s” ไม่ใช่ค่า ช่วง หรือรายการค่า",
            n=one.rule, column=label,
        )  # fmt: skip
    if not found.whole:
        yield "info", _("ตารางใหญ่เกินกว่าจะบอกได้ครบทุกกรณี แสดงเท่าที่ตรวจได้")


def _region(region: Sequence[Sequence[Piece] | None], table: Table) -> str:
    said = [
        f"{column.label} {_any_of(pieces)}"
        for column, pieces in zip(table.inputs, region, strict=True)
        if pieces is not None
    ]
    return _(" และ ").join(said) if said else _("ไม่ว่าค่าใด")


def _any_of(pieces: Sequence[Piece]) -> str:
    return _(" หรือ ").join(_piece(one) for one in pieces)


def _piece(piece: Piece) -> str:
    if isinstance(piece, Others):
        if not piece.but:
            return _("เป็นค่าใดก็ได้")
        return _("เป็นค่าอื่นนอกจาก %(values)s", values=", ".join(map(value, piece.but)))
    if piece.single:
        return _("เป็น %(v)s", v=value(piece.low))
    return _span(piece)


def _span(span: Span) -> str:
    low = "" if span.low is None else value(span.low)
    high = "" if span.high is None else value(span.high)
    if span.low is None:
        return _("ไม่เกิน %(v)s", v=high) if span.high_included else _("น้อยกว่า %(v)s", v=high)
    if span.high is None:
        return _("ตั้งแต่ %(v)s", v=low) if span.low_included else _("มากกว่า %(v)s", v=low)
    begins = _("ตั้งแต่ %(v)s", v=low) if span.low_included else _("มากกว่า %(v)s", v=low)
    ends = _("ถึง %(v)s", v=high) if span.high_included else _("แต่น้อยกว่า %(v)s", v=high)
    return f"{begins} {ends}"


def value(one: Any) -> str:
    """A value as people write it."""
    if isinstance(one, bool):
        return _("จริง") if one else _("เท็จ")
    if one is None:
        return _("ไม่มีค่า")
    if isinstance(one, str):
        return f"“{one}”"
    if isinstance(one, date) and not isinstance(one, datetime):
        return thdate.full(one, language())
    if isinstance(one, int | Decimal):
        return f"{Decimal(one):,f}"
    if isinstance(one, list | dict):
        return jsonio.dumps(to_json(one))
    return to_text(one)
