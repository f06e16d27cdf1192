"""The inbox at `/`: views, search, filters, urgency groups, claiming many, the live count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api.pages import thdate, words
from api.pages.desk import actor, db, now, page_number, run, whole_number, working_time
from api.pages.faces import Face, face, meet
from api.pages.i18n import gettext, language, ngettext
from api.pages.paging import window_of
from api.pages.route import outcome_name
from api.pages.shell import Counts, shell_of_request
from api.pages.site import site
from engine.commands.tasks import ClaimTask
from engine.errors import Rejected
from engine.ids import parse_id
from engine.models.task_row import TaskRow
from engine.queries import definitions, tasks
from engine.queries.page import Page

PAGE_SIZE = 30
#: how many tasks to take stand under an inbox of one's own
ALSO = 10
MOST_CLAIMS = 100
LIVE = "/inbox/live"
#: how an answer to a poll may be kept
CACHED = "private, no-cache"


@dataclass(frozen=True, slots=True)
class Ask:
    """What the address asks for; anything unknown falls back to the usual."""

    view: str
    sort: str
    q: str
    definition_key: str
    overdue: bool

    @classmethod
    def of_request(cls) -> Ask:
        args = request.args
        return cls(
            view=args.get("view", "") if args.get("view") in words.VIEWS else "mine",
            sort=args.get("sort", "") if args.get("sort") in words.SORTS else "urgency",
            q=args.get("q", "").strip()[:200],
            definition_key=args.get("definition_key", "")[:200],
            overdue=args.get("overdue") == "1",
        )

    @property
    def filtered(self) -> bool:
        return bool(self.q or self.definition_key or self.overdue)

    def url(self, **changes: str | int) -> str:
        """The same list with something changed; what is empty or usual is left out."""
        usual = {"view": "mine", "sort": "urgency"}
        values: dict[str, Any] = {
            "view": self.view,
            "sort": self.sort,
            "q": self.q,
            "definition_key": self.definition_key,
            "overdue": "1" if self.overdue else "",
            **changes,
        }
        kept = {k: v for k, v in values.items() if v and usual.get(k) != v}
        return "/?" + urlencode(kept) if kept else "/"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox, in the reader's words."""

    id: str
    href: str
    title: str
    name: str
    process: str
    priority: int
    because: str
    reason: str
    act: str | None
    who: Face | None
    who_note: str
    candidates: str
    acting_for: str
    claimable: bool
    read: bool
    due: thdate.Due | None
    moment: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Group:
    level: int
    title: str
    note: str
    tasks: Sequence[Row]


@site.get("/")
def inbox() -> ResponseReturnValue:
    ask, number = Ask.of_request(), page_number()
    page = _fetch(ask, number)
    also = _also(ask, page)
    shell = shell_of_request()
    assert shell is not None
    counts = shell.counts
    processes = _processes()
    meet(name for task in (*page.items, *also) for name in (task.assignee, task.returned_by))
    return render_template(
        "inbox.html",
        **{name: getattr(ask, name) for name in ("view", "sort", "q", "definition_key", "overdue")},
        filtered=ask.filtered,
        url=ask.url,
        page=page,
        window=window_of(page),
        page_url=_page_urls(ask),
        counts=counts,
        tab_counts={"mine": counts.mine, "claimable": counts.claimable},
        definitions=[d for d in processes.values() if len(processes) > 1],
        group_list=_groups(page.items, ask, processes),
        also=_groups(also, ask, processes),
        also_count=len(also),
        has_claimable=ask.view in {"claimable", "team"} or bool(also),
        live_query=urlencode({"seen": _seen(counts), "view": ask.view}),
    )


def _fetch(ask: Ask, number: int) -> Page[TaskRow]:
    return tasks.inbox(
        db(),
        actor(),
        now=now(),
        view=ask.view,
        definition_key=ask.definition_key or None,
        overdue=ask.overdue,
        q=ask.q or None,
        sort=ask.sort,
        page=number,
        page_size=PAGE_SIZE,
    )


def _also(ask: Ask, page: Page[TaskRow]) -> Sequence[TaskRow]:
    """What can be taken stands under one's own tasks, so that nobody misses it."""
    if ask.view != "mine" or ask.filtered or page.page > 1:
        return ()
    found = tasks.inbox(db(), actor(), now=now(), view="claimable", sort=ask.sort, page_size=ALSO)
    return found.items


def _page_urls(ask: Ask) -> Callable[[int], str]:
    return lambda number: ask.url(page=number if number > 1 else "")


def _processes() -> dict[str, Any]:
    return {d.key: d for d in definitions.named(db(), actor().agency_id)}


def _groups(found: Iterable[TaskRow], ask: Ask, processes: dict[str, Any]) -> list[Group]:
    """By urgency where that is the order; else one list, as sorted."""
    rows = [_row(task, ask.view, processes) for task in found]
    if not rows:
        return []
    if ask.sort != "urgency" or ask.view == "done":
        return [Group(1, str(words.VIEWS[ask.view]), "", rows)]
    levels = sorted({row.priority for row in rows}, reverse=True)
    return [
        Group(
            level,
            str(words.URGENCY.get(level, words.URGENCY[1])),
            str(words.URGENCY_NOTE.get(level, "")),
            [row for row in rows if row.priority == level],
        )
        for level in levels
    ]


def _row(task: TaskRow, view: str, processes: dict[str, Any]) -> Row:
    definition = processes.get(task.definition_key)
    person, note = _whose(task, view)
    over = task.ended_at is not None
    return Row(
        id=task.id,
        href=f"/tasks/{task.id}",
        title=task.title or task.name,
        name=task.name,
        process=definition.name if definition else task.definition_key,
        priority=task.priority,
        because=task.because,
        reason=task.because_reason or "",
        act=task.act,
        who=person,
        who_note=note,
        candidates=", ".join(c["name"] for c in task.candidates[:3]),
        acting_for=_acting_for(task),
        claimable=task.state == "open" and view in {"mine", "claimable"},
        read=False,
        due=None if over else thdate.due(task.due_at, now(), working_time(), language()),
        moment=task.ended_at or task.created_at,
        outcome=outcome_name(task),
    )


def _whose(task: TaskRow, view: str) -> tuple[Face | None, str]:
    """Beside one's own tasks stands who sent them back; beside others', who has them."""
    if task.returned_by:
        return face(task.returned_by), gettext("ผู้ส่งคืน")
    if view in {"team", "waiting", "done"} and task.assignee:
        return face(task.assignee), ""
    return None, ""


def _acting_for(task: TaskRow) -> str:
    """The post that makes the task this actor's, when they only act for it."""
    for candidate in task.candidates:
        principal = f"{candidate['kind']}:{candidate['id']}"
        authority = actor().principals.get(principal)
        if authority is not None and authority.on_behalf_of:
            return candidate["name"]
    return ""


@site.get(LIVE)
def inbox_live() -> ResponseReturnValue:
    """What a poll gets: the same ETag while nothing changed, else a pill that fetches the list.

    It asks for no more than it compares: every open inbox asks three times a minute. On PostgreSQL
    most of these are answered by `api.unchanged` before they come here.
    """
    seen, known = _seen(tasks.counts(db(), actor(), now())), request.args.get("seen", "")
    etag = live_etag(seen, known, language())
    response = Response() if etag in request.if_none_match else _live(seen, known)
    response.set_etag(etag)
    response.headers["Cache-Control"] = CACHED
    return response.make_conditional(request)


def live_etag(seen: str, known: str, spoken: str) -> str:
    """Of what there is, what the page shows, and the language that it is said in."""
    return sha256(f"{seen}\n{known}\n{spoken}".encode()).hexdigest()[:20]


def _live(seen: str, known: str) -> Response:
    html = render_template(
        "_live.html",
        changed=seen != known,
        more=_number(seen) - _number(known),
        href=(request.args.get("view") and f"/?view={request.args['view']}") or "/",
    )
    return make_response(html)


def _seen(counts: tasks.Counts | Counts) -> str:
    """The inbox's state in one short text: how many, and the newest."""
    return f"{counts.mine + counts.claimable}.{counts.newest or ''}"


def _number(seen: str) -> int:
    return whole_number(seen.partition(".")[0])


@site.post("/tasks/claim")
def claim_many() -> ResponseReturnValue:
    """Claim each selected task; those that others took first are counted, not hidden."""
    chosen = request.form.getlist("task")[:MOST_CLAIMS]
    taken, missed = 0, 0
    for text in chosen:
        try:
            run(ClaimTask(parse_id(text, "task")), part=text)
            taken += 1
        except Rejected:
            missed += 1
    _tell(taken, missed)
    return redirect("/?view=mine" if taken else "/?view=claimable", 303)


def _tell(taken: int, missed: int) -> None:
    if taken:
        flash(ngettext("รับแล้ว %(num)d งาน", "รับแล้ว %(num)d งาน", taken), "ok")
    if missed:
        message = ngettext("%(num)d งานรับไม่ได้ มีผู้อื่นรับไปก่อน", "%(num)d งานรับไม่ได้ มีผู้อื่นรับไปก่อน", missed)
        flash(message, "warn")
    if not taken and not missed:
        flash(gettext("ยังไม่ได้เลือกงาน"), "warn")
