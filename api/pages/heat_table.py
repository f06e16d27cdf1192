"""The heat of a process in words: a line for each element, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response

from api import heating
from api.pages import thdate
from api.pages.desk import actor, db, now, system
from api.pages.diagram import diagram_of
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.tables_out import table_response
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from engine.queries.heat import ElementHeat, Heat
from office.people.transfer.tables import safe

#: other versions whose names of elements are looked up, the newest first
_OTHERS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """`here`: the element stands in this version's diagram, not only in another's."""

    id: str
    name: str
    here: bool
    heat: ElementHeat

    @property
    def waiting(self) -> int:
        return self.heat.tasks + self.heat.waits

    @property
    def late_share(self) -> float:
        """Of the tasks done in the period that had a deadline, those that missed it."""
        return self.heat.done_late / self.heat.done_due if self.heat.done_due else 0.0

    @property
    def late_percent(self) -> str:
        return f"{self.late_share:.0%}" if self.heat.done_due else ""

    @property
    def times(self) -> Sequence[str]:
        """Half and nine of ten in working time, then both by the clock."""
        working, clock = self.heat.working, self.heat.clock
        return [
            *(_said(one, thdate.span) for one in (working.median, working.p90)),
            *(_said(one, thdate.age) for one in (clock.median, clock.p90)),
        ]


def _said(length: timedelta | None, how: Any) -> str:
    return "" if length is None else str(how(length, language()))


def rows_of(row: DefinitionRow, found: Heat) -> list[Row]:
    """In the order of this version's diagram; what stands only in others, or in a process that is
    called, comes last.
    """
    diagram = diagram_of(row.id)
    order = {name: place for place, name in enumerate(diagram.elements)}
    ordered = sorted(found.elements, key=lambda one: order.get(one.element_id, len(order)))
    foreign = {one.element_id for one in ordered} - order.keys()
    names = _names(foreign, (one for one in found.versions if one.id != row.id))
    return [
        Row(name, names.get(name) or diagram.name(name), name in order, one)
        for one in ordered
        for name in [one.element_id]
    ]


def _names(wanted: set[str], others: Iterable[DefinitionRow]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for _place, one in zip(range(_OTHERS), others, strict=False):
        if not (left := wanted - found.keys()):
            break
        elements = diagram_of(one.id).elements
        found |= {name: elements[name].name or name for name in left & elements.keys()}
    return found


def look(asked: heating.Asked, definition_id: UUID) -> Heat:
    """For the page's own reader."""
    calendars = system().services.calendars
    return heating.look(db(), calendars, actor(), definition_id, asked, now())


def download(definition_id: UUID, asked: heating.Asked) -> Response:
    """The table as CSV in the reader's language; NotFound in any other agency."""
    found = look(asked, definition_id)
    row = definitions.one(db(), actor().agency_id, definition_id)
    name = f"{row.key}-{row.version}-heat.csv"
    return table_response(_lines(rows_of(row, found)), "csv", name)


def _lines(rows: Sequence[Row]) -> Iterator[list[str]]:
    yield [
        _("ขั้น"), _("รหัสในผัง"), _("รออยู่"), _("เลยกำหนด"), _("ขัดข้อง"), _("ค้างมาตั้งแต่"),
        _("เสร็จในช่วง"), _("เสร็จในช่วงที่มีกำหนด"), _("เสร็จช้า"),
        _("ครึ่งหนึ่งเสร็จใน (นาทีทำการ)"), _("9 ใน 10 เสร็จใน (นาทีทำการ)"),
        _("ครึ่งหนึ่งเสร็จใน (นาที รวมวันหยุด)"), _("9 ใน 10 เสร็จใน (นาที รวมวันหยุด)"),
    ]  # fmt: skip
    for row in rows:
        one = row.heat
        oldest = "" if one.oldest is None else thdate.stamp(one.oldest, language())
        counts = (row.waiting, one.late, one.stuck, one.done, one.done_due, one.done_late)
        told = [str(count) for count in counts]
        lengths = (one.working.median, one.working.p90, one.clock.median, one.clock.p90)
        minutes = ["" if it is None else f"{it / timedelta(minutes=1):.0f}" for it in lengths]
        yield [safe(row.name), safe(row.id), *told[:3], oldest, *told[3:], *minutes]
