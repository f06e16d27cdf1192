"""Who would get the steps of a play today, and what would go wrong, in the words of its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from api.pages.chain_trial import named_in, people_said, warning
from api.pages.chain_view import said
from api.pages.desk import actor, db, now, system
from api.pages.diagram import Diagram
from api.pages.faces import meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from office.chains.model import FIND
from office.documents.rules import OPEN_TO_RIGHTS
from office.modeling import foreseeing, playing
from office.modeling.candidates import Candidates, Today
from office.modeling.foreseeing import Met, StoredHouse
from office.modeling.playing import Played, Waiting
from office.modeling.reaching import never_reached
from office.modeling.testing import Laboratory
from office.people.queries import Standing
from office.people.shortfalls import told

#: tokens of one step that are told one by one
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Getting:
    """`who`: names, empty where there are none; `reasons`: why nobody is there of those named."""

    who: str
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One element on the way. `here`: it stands in the process that is drawn."""

    element: str
    name: str
    here: bool
    who: str
    warnings: Sequence[str]
    by: datetime | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Of a play: `way`, `getting` and `warnings` by the element at which it waits, and `looked_up`,
    what a look-up there would give, as lines to press or to change.
    """

    way: Sequence[Line] = ()
    getting: Mapping[str, Sequence[Getting]] = field(default_factory=dict)
    warnings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    looked_up: Mapping[str, str] = field(default_factory=dict)

    @property
    def warned(self) -> int:
        return sum(len(one.warnings) for one in self.way)


@dataclass(frozen=True, slots=True)
class Dead:
    """What no play of the draft comes to."""

    element: str
    name: str
    warnings: Sequence[str]


def house() -> StoredHouse:
    services = system().services
    return StoredHouse(db(), actor().agency_id, now(), services.directory, services.calendars)


def tell(
    played: Played, process: str, drawn: Diagram, starter: str, secrecy: int = OPEN_TO_RIGHTS
) -> Told:
    asked = house()
    met = foreseeing.foreseen(played.run, asked, starter, secrecy)
    found = {one.element: _of(one, starter, played) for one in played.waiting if one.tasks}
    meet(
        name
        for one in met
        for name in (*one.able, *named_in(one.warnings))
    )  # fmt: skip
    meet(name for listed in found.values() for each in listed for name in each.able)
    lines = [_line(one, process, asked, played) for one in met if one.asks or one.warnings]
    waiting = [one for one in lines if one.waiting]
    return Told(
        lines,
        {at: [_getting(each, drawn, asked) for each in listed] for at, listed in found.items()},
        {one.element: one.warnings for one in waiting},
        {
            one.element: _lines(foreseeing.looked_up(met, one.job))
            for one in played.waiting
            if one.job is not None and one.job.action == FIND
        },
    )


def never(lab: Laboratory | None, process: str) -> list[Dead]:
    found = never_reached(lab.bundle, process) if lab is not None else []
    asked = house()
    return [Dead(one.element, one.name, [warning(each, asked) for each in one.warnings])
            for one in found]  # fmt: skip


def _line(met: Met, process: str, asked: StoredHouse, played: Played) -> Line:
    return Line(
        met.element,
        met.name,
        met.process == process,
        people_said(met, asked),
        [warning(one, asked) for one in met.warnings],
        met.by,
        not played.tokens_now.isdisjoint(met.tokens),
    )


def _lines(found: Mapping[str, Sequence[str]] | None) -> str:
    """Where nobody can say it, a line to write it in."""
    given = playing.as_texts(found if found is not None else {"people": []})
    return "\n".join(f"{name} = {text}" for name, text in given.items())


def _of(waiting: Waiting, starter: str, played: Played) -> list[Candidates]:
    directory = system().services.directory
    today = Today(db(), actor().agency_id, directory, now(), starter, played.done)
    found = [today.candidates(task) for task in waiting.tasks[:SHOWN]]
    return list(dict.fromkeys(found))  # several tokens may wait for the same people


def _getting(found: Candidates, drawn: Diagram, asked: StoredHouse) -> Getting:
    performers = [_("ผู้ที่ทำขั้น “%(step)s”", step=drawn.called(one)) for one in found.performers]
    who = ", ".join([*performers, *([people_said(found, asked)] if found.able else [])])
    return Getting(who, [_why(one) for one in found.lacking])


def _why(one: Standing) -> str:
    kind, _colon, code = one.principal.partition(":")
    name = one.name_en if language() == "en" else one.name
    why, mend = told(kind, one.shortfall, name or code)
    return f"{said(why)} – {said(mend)}"
