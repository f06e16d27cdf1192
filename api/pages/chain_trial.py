"""The composer's “try with”: a starter and sample values, and the way with today's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from flask import request
from werkzeug.datastructures import MultiDict

from api.pages import chain_matrix, naming
from api.pages.chain_view import said
from api.pages.desk import actor, db, now, system
from api.pages.faces import face, meet
from api.pages.fields import TaskForm
from api.pages.finding_words import feel_in_words
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.view import short_date
from api.pages.words import SECRECY
from forms.form import compile_form
from forms.messages import localised
from forms.view import Widget
from office.chains.looking import StoredLook, start_form
from office.chains.model import Call, Chain
from office.chains.trying import Met
from office.chains.trying import Trial as Walk
from office.foreseen import words
from office.foreseen.values import Warned
from office.people.rules import CLEARANCES, MODES

#: warnings whose detail is sign-in names
_OF_PEOPLE = (
    "away", "conflict", "uncleared", "nobody_cleared", "starter_uncleared", "may_not_start",
    "unprovable", "once", "own_stuck", "own_passed", "own_handed", "waits_person", "waits_post",
)  # fmt: skip
#: names shown of those who can do a step
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the way, as `chain.html` shows it."""

    name: str
    who: str
    note: str
    warnings: Sequence[str]
    #: when its time is up, at the latest
    by: datetime | None = None
    #: the steps of the process that it runs
    inside: list[Line] = field(default_factory=list)

    @property
    def warned(self) -> int:
        return len(self.warnings) + sum(one.warned for one in self.inside)


@dataclass
class Trial:
    starter: str
    widgets: Sequence[Widget]
    errors: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[Line] = ()
    #: degrees to try a letter with; none where it is no letter's route
    degrees: Sequence[tuple[str, str]] = ()
    secrecy: str = "1"

    @property
    def warned(self) -> int:
        return sum(line.warned for line in self.lines)

    @classmethod
    def new(cls, chain: Chain) -> Trial:
        """Nothing tried yet."""
        widgets = _form(chain).widgets(MultiDict(), {}, None)
        return cls(actor().username, widgets, degrees=_degrees(chain))

    @classmethod
    def of(cls, chain: Chain) -> Trial:
        """With what was posted."""
        form, wanted = _form(chain), request.form.get("starter", "").strip()[:200]
        typed = form.read(request.form, None)
        source = _source(chain)
        clean = system().services.forms.clean(source, typed, {}, now()) if source else None
        errors = (
            {one.path: localised(one.message, language()) for one in clean.errors} if clean else {}
        )
        widgets = form.widgets(request.form, errors, None)
        degrees = _degrees(chain)
        chosen = request.form.get("secrecy", "1")
        secrecy = int(chosen) if chosen in dict(degrees) else 1
        posted = cls(wanted, widgets, degrees=degrees, secrecy=str(secrecy))
        told = {f"f-{path}": error for path, error in errors.items()}
        starter = naming.someone(wanted)
        if starter is None:
            told = {"starter": _("ไม่มีชื่อนี้ในหน่วยงาน หรือมีมากกว่าหนึ่งคน เลือกจากรายการ"), **told}
        if starter is None or told:
            return replace(posted, errors=told)
        values = clean.values if clean else {}
        services = system().services
        look = StoredLook(db(), actor().agency_id, now(), services.directory, services.calendars)
        met = Walk(chain, starter, values, now(), look, secrecy).way()
        meet(name for one in met for name in (*one.able, *named_in(one.warnings)))
        return replace(posted, starter=starter, lines=_lines(met, look, chain))


def _source(chain: Chain) -> bytes | None:
    return start_form(chain, english=language() == "en")


def _form(chain: Chain) -> TaskForm:
    source = _source(chain)
    return TaskForm(None if source is None else compile_form(source), {}, spoken=True)


def _degrees(chain: Chain) -> list[tuple[str, str]]:
    """ปกติ and what people can be cleared for: a letter has a degree, no other case does."""
    known = (1, *CLEARANCES) if chain.letter else ()
    return [(str(degree), str(SECRECY[degree])) for degree in known]


def named_in(warnings: Sequence[Warned]) -> list[str]:
    """Those whom these warnings name."""
    found = [one for one in warnings if one.code in _OF_PEOPLE]
    return [name for one in found for name in (*one.detail.split(", "), *one.acting)]


class Named(Protocol):
    """Those who would get a step."""

    @property
    def principals(self) -> Sequence[str]: ...

    @property
    def able(self) -> Sequence[str]: ...

    @property
    def away(self) -> Sequence[str]: ...


def people_said(named: Named, look: StoredLook) -> str:
    """Today's names: who acts for a post, and who is on leave, is said."""
    lent = look.lent(named.principals)
    # Whoever really gets it comes first: who acts, before the holder who is away.
    able = sorted(named.able, key=lambda name: name in named.away)
    shown = [_name(name, named, lent.get(name)) for name in able[:SHOWN]]
    more = len(named.able) - SHOWN
    return ", ".join(shown) + (_(" และอีก %(n)s คน", n=more) if more > 0 else "")


def _lines(way: Sequence[Met], look: StoredLook, chain: Chain) -> list[Line]:
    """The way, with what lies within a step in it."""
    rows: dict[int, list[Line]] = {0: []}
    for met in way:
        line, depth = _line(met, look, met.chain or chain), len(met.within)
        rows[depth].append(line)
        rows[depth + 1] = line.inside
    return rows[0]


def _line(met: Met, look: StoredLook, chain: Chain) -> Line:
    who = people_said(met, look)
    note = chain_matrix.hit(met.step, met.rules, met.taken, chain)
    if isinstance(met.step, Call) and met.taken:
        note = _("กระบวนการย่อย “%(name)s”", name=met.taken)
    warnings = [warning(one, look) for one in met.warnings]
    return Line(met.step.name, who, note, warnings, met.by)


def _name(username: str, named: Named, mode: str | None) -> str:
    name = face(username).name
    if mode is not None:
        return _("%(name)s (%(mode)s)", name=name, mode=said(MODES[mode]))
    return _("%(name)s (ลา)", name=name) if username in named.away else name


def _names(usernames: Sequence[str]) -> str:
    return ", ".join(face(name).name for name in usernames)


def warning(warned: Warned, look: StoredLook) -> str:
    detail, until = warned.detail, ""
    if warned.code in _OF_PEOPLE:
        detail = _names(detail.split(", "))
    if warned.until is not None:
        until = short_date(warned.until)
    if warned.code in words.DAYS:
        detail = short_date(date.fromisoformat(detail))
    if warned.code == "left_out":
        names = detail.split(", ")
        known = look.directory.describe(look.db, look.agency_id, names)
        detail = ", ".join(known[one].name if one in known else one for one in names)
    text = said(words.told(warned, detail, until, _names(warned.acting)))
    why = feel_in_words(warned.why)
    because = said(words.because(warned, (why, why)))
    return f"{text}: {because}" if because else text
