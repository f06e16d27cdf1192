"""How letters are numbered: prefixes of units, books of a year, what may still be chosen, and where
a book goes on that was kept on paper until now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.pages import thdate, words
from api.pages.admin import said
from api.pages.admin.acts import answer, field_errors, say, wrong
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, now, page_number
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.kept import shows_again
from api.pages.paging import window_of
from api.pages.site import site
from engine.errors import Forbidden, Invalid
from engine.ids import parse_id
from office.correspondence import queries as registry
from office.correspondence import rules
from office.correspondence.commands import MAX_CAUSE, CountCircularsApart, StartBook
from office.correspondence.counted import CIRCULARS_APART, check_book, codes_of, kinds_of_books
from office.documents.thai import office_day
from office.people import queries as people
from office.people.rights import demand

PAGE_SIZE = 50
TOLD = ("numbering.changed", "numbering.started")
#: what is looked at in a book: everything but what is on letters
APART = (rules.RESERVED, rules.VOID, rules.LOST)


@site.get("/admin/numbering")
def numbering_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), "registry")
    agency = people.agency(db(), actor().agency_id)
    this_year = office_day(now()).year
    years = sorted({this_year, *registry.years(db(), actor())}, reverse=True)
    asked = request.args.get("year", default=this_year, type=int)
    year = asked if asked in years else this_year
    return render_template(
        "admin_numbering.html",
        sections=open_sections(),
        books=registry.books(db(), actor(), year),
        names=_names(),
        owners=_owners(),
        year=year,
        this_year=this_year,
        years=[(one, _year(one)) for one in years],
        year_text=_year(year),
        prefixes=[unit for unit in _units() if unit.own["number_code"]],
        keeps_people=actor().may("people"),
        apart=bool(agency.policy.get(CIRCULARS_APART, True)),
        errors=errors,
        refused=refused,
        events=said.told(people.events_of(db(), agency.id, agency.id, types=TOLD)),
    )


def _units() -> list[people.UnitRow]:
    return [unit for unit in people.units(db(), actor().agency_id) if unit.active]


def _year(year: int) -> str:
    return str(thdate.year(date(year, 1, 1), language()))


def _owners() -> Mapping[str, str]:
    """Units by the codes of their registers, whose books are told by them."""
    return {unit.code: unit.name for unit in people.units(db(), actor().agency_id)}


def _names() -> Mapping[str, str]:
    secret = {
        rules.series_book(kind, secret=True): _("%(kind)s (ลับ)", kind=name)
        for kind, name in words.KINDS.items()
    }
    return {**rules.BOOKS, **words.KINDS, **secret}


@site.post("/admin/numbering")
def change_numbering() -> ResponseReturnValue:
    return answer(
        lambda: CountCircularsApart(request.form.get("apart") == "1"),
        _page,
        _("บันทึกวิธีนับเลขหนังสือเวียนแล้ว"),
        "/admin/numbering",
    )


@site.get("/admin/numbering/books/<book_id>")
def book_page(book_id: str) -> ResponseReturnValue:
    book = registry.book(db(), actor(), parse_id(book_id, "book"))
    key = parse_id(book.id, "book")
    numbers = registry.numbers(
        db(), actor(), key, states=APART, page=page_number(), page_size=PAGE_SIZE
    )
    starts = registry.starts(db(), actor(), key)
    meet({row.reserved_by for row in numbers.items} | {one.started_by for one in starts})
    return render_template(
        "admin_book.html",
        sections=open_sections(),
        book=book,
        name=_names()[book.kind],
        owner=_owners().get(book.code, ""),
        year_text=_year(book.year),
        following=sample(book.kind, book.code, book.year, book.last + 1),
        counts_letters=book.kind not in rules.REGISTERS,
        starts=starts,
        numbers=numbers,
        window=window_of(numbers),
        page_url=lambda n: f"/admin/numbering/books/{book.id}?page={n}",
        may_start=book.year == office_day(now()).year,
        may_operate=actor().may("operate"),
    )


def sample(kind: str, code: str, year: int, value: int) -> str:
    """A number of the book as it is printed, or a running number of a register."""
    if kind in rules.REGISTERS:
        return str(value)
    if kind not in rules.BOOKS:
        return rules.series_text(None, value, year, secret=rules.is_secret_book(kind))
    return rules.number_text(code, value, rules.mark_of_book(kind))


@site.get("/admin/numbering/start")
def start_page() -> ResponseReturnValue:
    return _start(request.args, {}, "")


def _start(
    values: Mapping[str, Any], errors: Mapping[str, str], refused: str, *, sure: bool = False
) -> str:
    """`sure`: what was typed can be done; the page says what it would do and asks for a press."""
    demand(actor(), "registry")
    names, units = _names(), _units()
    kind, code = str(values.get("kind", "letter")), " ".join(str(values.get("code", "")).split())
    year = office_day(now()).year
    standing = registry.book_at(db(), actor(), kind, code, year)
    first = _first(values) if sure else 0
    return render_template(
        "admin_book_start.html",
        sections=open_sections(),
        kinds=[(one, names[one]) for one in kinds_of_books(actor())],
        prefixes=codes_of(db(), actor(), "letter"),
        units=units,
        v=values,
        kind=kind,
        code=code,
        book=names.get(kind, kind),
        standing=standing,
        year_text=_year(year),
        first=first,
        following=sample(kind, code, year, first) if sure else "",
        sure=sure,
        most=rules.MOST_FIRST,
        longest=MAX_CAUSE,
        errors=errors,
        refused=refused,
    )


def _first(values: Mapping[str, Any]) -> int:
    typed = str(values.get("first", "")).strip()
    if not (typed.isdecimal() and len(typed) <= len(str(rules.MOST_FIRST))):
        raise wrong("first", _("ใส่ตัวเลข ตั้งแต่ 2 ถึง 999,999"))
    return int(typed)


def _start_again(values: MultiDict[str, Any]) -> ResponseReturnValue:
    return _start(values, {}, "")


@site.post("/admin/numbering/start")
@shows_again(_start_again)
def start_book() -> ResponseReturnValue:
    form = request.form
    if form.get("sure") != "1":
        return _look_first(form)
    return answer(
        lambda: StartBook(
            form.get("kind", ""), form.get("code", ""), _first(form), form.get("note", "")
        ),
        lambda errors, refused: _start(form, errors, refused),
        _("เริ่มเล่มต่อจากทะเบียนกระดาษแล้ว"),
        "/admin/numbering",
    )


def _look_first(form: MultiDict[str, Any]) -> ResponseReturnValue:
    """What the press would come to; nothing is begun yet."""
    kind, code = form.get("kind", ""), " ".join(form.get("code", "").split())
    try:
        first = _first(form)
        check_book(db(), actor(), kind, code)
        standing = registry.book_at(db(), actor(), kind, code, office_day(now()).year)
        rules.check_first(first, standing.last if standing else 0)
        if not form.get("note", "").strip():
            raise wrong("note", _("ใส่เหตุผล"))
    except Invalid as found:
        return _start(form, field_errors(found), ""), 422
    except Forbidden as found:
        return _start(form, {}, say(found)), 403
    return _start(form, {}, "", sure=True)
