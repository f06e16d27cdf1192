"""Who would get the waiting steps of a play today, in the words of its page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.chain_trial import people_said
from api.pages.chain_view import said
from api.pages.desk import actor, db, now, system
from api.pages.diagram import Diagram
from api.pages.faces import face, meet
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from office.chains.asking import Finder
from office.chains.asking import looked_up as looked_up_by
from office.chains.looking import StoredLook
from office.chains.model import FIND
from office.modeling.candidates import Candidates, Today
from office.modeling.playing import Played, Waiting
from office.people.queries import Standing
from office.people.shortfalls import told

#: tokens of one step that are told one by one
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Getting:
    """`who`: names, empty where there are none; `warnings`: why nobody, or nobody who is there."""

    who: str
    warnings: Sequence[str] = ()


def getting(played: Played, drawn: Diagram, starter: str) -> Mapping[str, list[Getting]]:
    """By element, one for each token that waits there for a person."""
    services, me = system().services, actor().agency_id
    today = Today(db(), me, services.directory, now(), starter, played.done)
    look = StoredLook(db(), me, now(), services.directory, services.calendars)
    found = {one.element: _of(one, today) for one in played.waiting if one.tasks}
    every = [each for listed in found.values() for each in listed]
    meet(name for each in every for name in (*each.able, *each.barred))
    return {
        element: [_told(each, drawn, look) for each in listed] for element, listed in found.items()
    }


def looked_up(played: Played, starter: str) -> Mapping[str, str]:
    """By element what a look-up of people would give today, as lines to press or to change; where
    nobody can say that, a line to write it in.
    """
    finder = Finder(db(), actor().agency_id, now(), system().services.directory)
    jobs = [one.job for one in played.waiting if one.job and one.job.action == FIND]
    return {job.element_id: _lines(looked_up_by(finder, job.inputs, starter)) for job in jobs}


def _lines(found: Mapping[str, Sequence[str]] | None) -> str:
    given = found if found is not None else {"people": []}
    return "\n".join(f"{name} = {json.dumps(list(listed))}" for name, listed in given.items())


def _of(waiting: Waiting, today: Today) -> list[Candidates]:
    found = [today.candidates(task) for task in waiting.tasks[:SHOWN]]
    return list(dict.fromkeys(found))  # several tokens may wait for the same people


def _told(found: Candidates, drawn: Diagram, look: StoredLook) -> Getting:
    performers = [_("ผู้ที่ทำขั้น “%(step)s”", step=drawn.called(one)) for one in found.performers]
    who = ", ".join([*performers, *([people_said(found, look)] if found.able else [])])
    return Getting(who, [*_warnings(found)])


def _warnings(found: Candidates) -> list[str]:
    reasons = [_why(one) for one in found.lacking]
    if found.performers or found.able:
        if found.able and len(found.away) == len(found.able) and not found.performers:
            reasons.insert(0, _("ลาอยู่ทุกคนที่ทำได้ เรื่องจะรอจนมีผู้กลับมา"))
        return reasons
    if found.barred:
        names = ", ".join(face(one).name for one in found.barred)
        reasons.insert(0, _("ผู้ที่ทำได้ถูกห้ามทำขั้นนี้: %(names)s", names=names))
    return [_("วันนี้ไม่มีผู้ทำขั้นนี้ เรื่องจะค้าง"), *reasons]


def _why(one: Standing) -> str:
    kind, _colon, code = one.principal.partition(":")
    name = one.name_en if language() == "en" else one.name
    why, mend = told(kind, one.shortfall, name or code)
    return f"{said(why)} – {said(mend)}"
