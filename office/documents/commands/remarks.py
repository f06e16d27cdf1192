"""What readers of a draft remark and propose, and how its writers settle that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.models.task import IS_LIVE, task
from office.documents import access, errors, remarks, rules
from office.documents.commands.draft import SaveDraft
from office.documents.models import remark, remark_reply
from office.notices.commands import TellPerson

#: letters of a remark, and of the words that are marked or proposed
LONGEST_TEXT, LONGEST_WORDS = 4_000, 10_000
#: remarks of a draft, answers to one of them
MOST, MOST_ANSWERS = 500, 100

Verdict = Literal["resolve", "accept", "decline", "reopen"]
#: what each verdict makes of a remark
BECOMES: Mapping[str, str] = {
    "resolve": rules.RESOLVED,
    "accept": rules.ACCEPTED,
    "decline": rules.DECLINED,
    "reopen": rules.OPEN,
}


_WRITING = sa.select(task.c.assignee, task.c.candidates).where(
    task.c.agency_id == sa.bindparam("agency"),
    task.c.root_id == sa.bindparam("instance"),
    task.c.element_id.in_(sa.bindparam("steps", expanding=True)),
    IS_LIVE,
)


@dataclass(frozen=True, slots=True)
class AddRemark:
    """Say something of a draft, for whoever takes part in its route.

    `quote` are words of paragraph `paragraph` (counted from 0), the first at or behind letter
    `start`; without them it is of the whole letter. `replacement` proposes other words for them,
    none to leave them out. Answer: {id, document_id}.
    """

    document_id: UUID
    text: str = ""
    quote: str = ""
    paragraph: int | None = None
    start: int = 0
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerRemark:
    """Say something to an open remark. Answer: {id, document_id}."""

    document_id: UUID
    remark_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class SettleRemark:
    """Resolve a remark, accept or decline a proposal, or open it again: for who may write now, and
    resolving for its author too. Accepting changes the draft as saving does; where the words are
    not there any more it is refused (409 words_gone). Answer: {id, document_id, state}.
    """

    document_id: UUID
    remark_id: UUID
    verdict: Verdict


def add_remark(command: AddRemark, ctx: Context) -> Answer:
    row = _draft(ctx, command.document_id)
    text = command.text.strip()
    wrong = [*_too_long(command), *_says_nothing(command, text)]
    marked = _marked(command, row)
    if command.quote and marked is None:
        said = "Mark words that stand in this paragraph now."
        wrong.append(FieldError("quote", said, "not_there"))
    if wrong:
        raise Invalid("Expected a remark, but parts of it cannot be kept.", wrong)
    _refuse_more(ctx, row)
    made = new_id()
    ctx.db.execute(
        sa.insert(remark),
        {
            "agency_id": row.agency_id,
            "id": made,
            "document_id": row.id,
            "revision": row.revision,
            "username": ctx.actor.username,
            "at": ctx.now,
            "text": text,
            "replacement": command.replacement,
            "state": rules.OPEN,
            **(_columns(marked) if marked else {}),
        },
    )
    _tell(ctx, row, _at_the_draft(ctx, row))
    return {"id": str(made), "document_id": str(row.id)}


def answer_remark(command: AnswerRemark, ctx: Context) -> Answer:
    row = _draft(ctx, command.document_id)
    found = _remark(ctx, row, command.remark_id)
    _check_open(found)
    text = command.text.strip()
    if not text or len(text) > LONGEST_TEXT:
        said = f"Write 1 to {LONGEST_TEXT:,} letters."
        raise Invalid(
            "Expected an answer of some length, but it is empty or too long.",
            [FieldError("text", said, "required" if not text else "too_long")],
        )
    _refuse_more_answers(ctx, found)
    made = new_id()
    common = {"agency_id": row.agency_id, "id": made, "remark_id": found.id}
    ctx.db.execute(
        sa.insert(remark_reply),
        {**common, "username": ctx.actor.username, "at": ctx.now, "text": text},
    )
    _tell(ctx, row, _in_the_thread(ctx, found))
    return {"id": str(made), "document_id": str(row.id)}


def _at_the_draft(ctx: Context, row: access.Row) -> set[str]:
    """Who wrote it, and whoever has it on the desk to write in it now."""
    found: set[str] = {row.drafter}
    given = {
        "agency": row.agency_id, "instance": row.instance_id, "steps": list(rules.WRITING_STEPS)
    }  # fmt: skip
    for one in ctx.db.execute(_WRITING, given):
        if one.assignee is not None:
            found.add(one.assignee)
            continue
        principals = [f"{each['kind']}:{each['id']}" for each in one.candidates]
        directory = ctx.services.directory
        found |= directory.who_can_act(ctx.db, row.agency_id, principals, ctx.now)
    return found


def _in_the_thread(ctx: Context, found: access.Row) -> set[str]:
    """Who made the remark, and who has answered it."""
    answered = sa.select(remark_reply.c.username).where(
        remark_reply.c.agency_id == found.agency_id, remark_reply.c.remark_id == found.id
    )
    return {found.username, *ctx.db.execute(answered).scalars()}


def _tell(ctx: Context, row: access.Row, whom: set[str]) -> None:
    """The letter is named, as its tasks name it; what was remarked is read beside it alone."""
    me, where = ctx.actor.username, f"/documents/{row.id}/remarks"
    for username in sorted(whom - {me}):
        ctx.run(TellPerson(username, "remark", row.subject, where, by=me, once=True))


def settle_remark(command: SettleRemark, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    found = _remark(ctx, row, command.remark_id)
    if command.verdict == "accept":
        # the words first: saving them takes the locks in the order that all saving does
        _check_proposal(found)
        _check_open(found)
        ctx.run(SaveDraft(row.id, _rewritten(row, found), row.revision))
    row = _draft(ctx, command.document_id)
    found = _remark(ctx, row, command.remark_id)
    _check_settling(command, ctx, row, found)
    settled = command.verdict != "reopen"
    ctx.db.execute(
        sa.update(remark)
        .where(remark.c.agency_id == row.agency_id, remark.c.id == found.id)
        .values(
            state=BECOMES[command.verdict],
            settled_by=ctx.actor.username if settled else None,
            settled_at=ctx.now if settled else None,
        )
    )
    answer = {"id": str(found.id), "document_id": str(row.id)}
    return {**answer, "state": BECOMES[command.verdict]}


def _draft(ctx: Context, document_id: UUID) -> access.Row:
    """The locked draft, for whoever takes part, while words may change."""
    row = access.lock(ctx.db, ctx.actor.agency_id, document_id)
    access.check_insider(ctx.db, ctx.actor, row)
    if row.state not in rules.EDITABLE:
        raise errors.not_editable(row.state)
    return row


def _remark(ctx: Context, row: access.Row, remark_id: UUID) -> access.Row:
    found = ctx.db.execute(
        sa.select(remark).where(
            remark.c.agency_id == row.agency_id,
            remark.c.document_id == row.id,
            remark.c.id == remark_id,
        )
    ).one_or_none()
    if found is None:
        raise NotFound("Expected a remark of this draft, but it has none with this id.")
    return found


def _too_long(command: AddRemark) -> list[FieldError]:
    lengths = {
        "text": (command.text, LONGEST_TEXT),
        "quote": (command.quote, LONGEST_WORDS),
        "replacement": (command.replacement or "", LONGEST_WORDS),
    }
    return [
        FieldError(name, f"Write at most {longest:,} letters.", "too_long")
        for name, (text, longest) in lengths.items()
        if len(text) > longest
    ]


def _says_nothing(command: AddRemark, text: str) -> list[FieldError]:
    if command.replacement is None:
        return [] if text else [FieldError("text", "Fill this in.", "required")]
    if not command.quote:
        return [FieldError("quote", "Mark the words that the proposal changes.", "required")]
    if command.replacement == command.quote:
        return [FieldError("replacement", "Propose other words than are there.", "unchanged")]
    return []


def _marked(command: AddRemark, row: access.Row) -> remarks.Mark | None:
    paragraph = command.paragraph if command.paragraph is not None else -1
    return remarks.mark(row.content["paragraphs"], paragraph, command.quote, command.start)


def _columns(marked: remarks.Mark) -> dict[str, Any]:
    return {name: getattr(marked, name) for name in remarks.Mark.__slots__}


def _refuse_more(ctx: Context, row: access.Row) -> None:
    count = ctx.db.scalar(
        sa.select(sa.func.count())
        .select_from(remark)
        .where(remark.c.agency_id == row.agency_id, remark.c.document_id == row.id)
    )
    if (count or 0) >= MOST:
        raise Conflict(
            f"Expected at most {MOST} remarks on a draft, but there are as many.",
            code="too_many_remarks",
        )


def _refuse_more_answers(ctx: Context, found: access.Row) -> None:
    count = ctx.db.scalar(
        sa.select(sa.func.count())
        .select_from(remark_reply)
        .where(remark_reply.c.agency_id == found.agency_id, remark_reply.c.remark_id == found.id)
    )
    if (count or 0) >= MOST_ANSWERS:
        raise Conflict(
            f"Expected at most {MOST_ANSWERS} answers to a remark, but there are as many; add"
            " another remark.",
            code="too_many_answers",
        )


def _check_open(found: access.Row) -> None:
    if found.state != rules.OPEN:
        raise Conflict(
            f"Expected an open remark, but it is {found.state}; open it again first.",
            code="remark_settled",
        )


def _check_proposal(found: access.Row) -> None:
    if found.replacement is None:
        raise Conflict(
            "Expected a proposal of other words, but this remark proposes none; resolve it.",
            code="no_proposal",
        )


def _check_settling(
    command: SettleRemark, ctx: Context, row: access.Row, found: access.Row
) -> None:
    if command.verdict == "reopen":
        if found.state in {rules.OPEN, rules.ACCEPTED}:
            raise Conflict(
                f"Expected a settled remark, but it is {found.state}.", code="remark_settled"
            )
    else:
        _check_open(found)
    if command.verdict == "decline":
        _check_proposal(found)
    if command.verdict == "accept" or found.username == ctx.actor.username:
        return  # who saved the words may write; authors may take back what is theirs
    try:
        access.check_editor(ctx.db, ctx.actor, row, ctx.now)
    except Forbidden:
        raise Forbidden(
            "Expected the remark's author, or whoever has a writing task of this draft, to settle"
            f" it, but {ctx.actor.username} is neither.",
            code="not_editor",
        ) from None


def _rewritten(row: access.Row, found: access.Row) -> dict[str, Any]:
    marked = remarks.Mark(found.quote, found.before, found.after, found.paragraph)
    place = remarks.locate(remarks.texts_of(row.content["paragraphs"]), marked)
    if place is None:
        raise errors.words_gone()
    return remarks.rewritten(row.content, place, found.replacement)
