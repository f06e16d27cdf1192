"""How the cases of a process flow, over its picture and as the same table: counts and times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlencode
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api import heating, picture
from api.pages import heat_table, thdate
from api.pages.admin.acts import field_errors, optional_day, typed_day, wrong
from api.pages.desk import actor, db, now, whole_number
from api.pages.heat_table import Row
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.site import site
from engine.errors import Invalid
from engine.ids import parse_id
from engine.queries import definitions
from engine.queries.heat import ENDED, RUNNING, Heat

#: days that can be chosen, and what stands for a period of one's own
PERIODS, OWN = (7, 30, 90, 365), "own"
#: what the drawing shows: what waits now, or of the period how much was done, how long half of it
#: took, and the share that was late
NOW, DONE, TIME, LATE = "now", "done", "time", "late"
#: the share of the fullest element from which an element is of a level, the lowest first
_LEVELS = (0.0, 0.25, 0.5, 0.85)
_FIGURES: Mapping[str, Callable[[Row], float]] = {
    NOW: lambda row: row.waiting,
    DONE: lambda row: row.heat.done,
    TIME: lambda row: (row.heat.working.median or timedelta()).total_seconds(),
    LATE: lambda row: row.late_share,
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is laid over an element: `level` 1 to 4 by its figure beside the greatest, 0: nothing;
    a count, how many of it are late, and how long it took (empty: not said).
    """

    level: int
    count: str
    late: str
    took: str


@dataclass(frozen=True, slots=True)
class Form:
    """What was asked for, as the page's fields have it."""

    days: str
    first: str
    last: str
    versions: str
    show: str

    @property
    def query(self) -> str:
        own = {"from": self.first, "to": self.last} if self.days == OWN else {}
        return urlencode({"days": self.days, **own, "versions": self.versions})


@site.get("/definitions/<definition_id>/heat")
def show_heat(definition_id: str) -> ResponseReturnValue:
    this = parse_id(definition_id, "process")
    form = _form()
    try:
        asked, errors = _asked(form), {}
    except Invalid as refused:
        asked, errors = heating.last_days(heating.USUAL, now()), field_errors(refused)
    found = heat_table.look(asked, this)
    row = definitions.one(db(), actor().agency_id, this)
    rows = heat_table.rows_of(row, found)
    shown = render_template(
        "heat.html",
        definition=row,
        drawn=drawn(actor().agency_id, this),
        heats=_heats(rows, form.show),
        rows=rows,
        form=form,
        asked=asked,
        errors=errors,
        limits=_limits(found),
        versions=[one.version for one in found.versions],
        periods=PERIODS,
    )
    return shown, 422 if errors else 200


@site.get("/definitions/<definition_id>/heat.csv")
def heat_as_csv(definition_id: str) -> ResponseReturnValue:
    return heat_table.download(parse_id(definition_id, "process"), _asked(_form()))


def _form() -> Form:
    """What is not known falls back to the usual."""
    args = request.args
    days = args.get("days", "")
    if not (days == OWN or whole_number(days) in PERIODS):
        days = str(heating.USUAL)
    last = typed_day(thdate.local(now()).date())
    first = typed_day(thdate.local(now()).date() - timedelta(days=heating.USUAL - 1))
    return Form(
        days,
        args.get("from", first)[:40],
        args.get("to", last)[:40],
        heating.ALL if args.get("versions") == heating.ALL else heating.THIS,
        show if (show := args.get("show", "")) in _FIGURES else NOW,
    )


def _asked(form: Form) -> heating.Asked:
    """Invalid names the field."""
    every = form.versions == heating.ALL
    if form.days != OWN:
        return heating.last_days(int(form.days), now(), every)
    typed = {"from": form.first, "to": form.last}
    first, last = optional_day(typed, "from"), optional_day(typed, "to")
    if first is None or last is None:
        raise wrong("from" if first is None else "to", _("ใส่วันที่ เช่น 23/11/2569"))
    if last < first:
        raise wrong("to", _("วันสุดท้ายต้องไม่มาก่อนวันแรก"))
    if not heating.fits(first, last):
        raise wrong("to", _("เลือกช่วงไม่เกิน %(n)s วัน", n=heating.MOST_DAYS))
    return heating.between(first, last, every)


def _limits(found: Heat) -> Sequence[str]:
    """What is not all of it, in words."""
    told = []
    if found.more_running:
        told.append(_("มีเรื่องเดินอยู่มากกว่า %(n)s เรื่อง ตัวเลขของที่รออยู่นับเพียงเท่านี้", n=f"{RUNNING:,}"))
    if found.more_done:
        told.append(
            _(
                "ในช่วงนี้มีเรื่องที่จบมากกว่า %(n)s เรื่อง หรือมีงานมากกว่าที่นับได้ในครั้งเดียว"
                " ตัวเลขของงานที่เสร็จนับจากเรื่องที่จบใกล้วันสุดท้ายก่อน เลือกช่วงที่สั้นลงเพื่อนับครบ",
                n=f"{ENDED:,}",
            )
        )
    return told


@lru_cache(maxsize=128)
def drawn(agency_id: UUID, definition_id: UUID) -> picture.Picture:
    """A deployed version never changes: read once for the life of the process."""
    return picture.read(definitions.xml(db(), agency_id, definition_id))


def _heats(rows: Sequence[Row], show: str) -> Mapping[str, Drawn]:
    figure = _FIGURES[show]
    here = [row for row in rows if row.here]
    most = max((figure(row) for row in here), default=0.0)
    return {row.id: _over(row, show, figure(row) / most if most else 0.0) for row in here}


def _over(row: Row, show: str, share: float) -> Drawn:
    level = sum(share > limit for limit in _LEVELS)
    one = row.heat
    if show == NOW:
        return Drawn(level, _count(row.waiting), f"! {one.late}" if one.late else "", "")
    late = f"! {row.late_percent}" if one.done_late else ""
    return Drawn(level, _count(one.done), late, _both(one.working.median, one.working.p90))


def _count(number: int) -> str:
    return f"{number:,}" if number else ""


def _both(median: timedelta | None, p90: timedelta | None) -> str:
    """Two lengths of working time, short enough to stand beneath a step."""
    if median is None or p90 is None:
        return ""
    return f"{_short(median)} · {_short(p90)}"


def _short(length: timedelta) -> str:
    days = length / thdate.WORKING_DAY
    if days >= 1:
        return _("%(n)s วัน", n=f"{days:.1f}".removesuffix(".0"))
    return thdate.age(length, language())
