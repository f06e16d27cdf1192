"""Frozen versions, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound
from office.documents import access, notation, rules
from office.documents.access import Row
from office.documents.kinds import KINDS
from office.documents.models import document_look, document_version, endorsement
from office.documents.words import split_words
from office.files.models import blob


@dataclass(frozen=True, slots=True)
class VersionRow:
    id: str
    ordinal: int
    revision: int
    sha256: str
    frozen_by: str
    frozen_at: datetime
    #: name, quantity, sha256 and size of each enclosed file
    attachments: Sequence[Mapping[str, Any]]
    #: hash of the rendered pages in storage; None until the job has made them
    pdf_sha256: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, came or went."""

    kind: Literal["same", "ins", "del"]
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field (a paragraph is `paragraphs.2`) that differs."""

    path: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Comparison:
    """From version `old` to `new` (ordinals); `new` 0 is the present text, `old` 0 what the actor
    saw last. `level`: what stood there when their step was done last, by somebody else.
    """

    old: int
    new: int
    changes: Sequence[FieldChange]
    level: bool = False


_ROWS = (
    sa.select(document_version, blob.c.sha256.label("pdf_sha256"))
    .outerjoin(
        blob,
        sa.and_(
            blob.c.agency_id == document_version.c.agency_id,
            blob.c.id == document_version.c.blob_id,
        ),
    )
    .where(
        document_version.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        document_version.c.document_id == sa.bindparam("document", type_=sa.Uuid),
    )
    .order_by(document_version.c.ordinal)
)
_ONE = _ROWS.where(document_version.c.ordinal == sa.bindparam("ordinal"))
#: the version that a person endorsed last, even if a return made it void since
_ENDORSED = (
    sa.select(document_version.c.ordinal, endorsement.c.at)
    .join(
        endorsement,
        sa.and_(
            endorsement.c.agency_id == document_version.c.agency_id,
            endorsement.c.version_id == document_version.c.id,
        ),
    )
    .where(
        endorsement.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        endorsement.c.document_id == sa.bindparam("document", type_=sa.Uuid),
        sa.not_(endorsement.c.skipped),
    )
    .order_by(endorsement.c.ordinal.desc())
    .limit(1)
)
_SEEN = _ENDORSED.where(endorsement.c.username == sa.bindparam("username"))
#: the same of the steps that are on the actor's desk now, whoever did them
_OF_STEP = _ENDORSED.where(endorsement.c.element_id.in_(sa.bindparam("steps", expanding=True)))
_LOOKED = sa.select(document_look).where(
    document_look.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    document_look.c.document_id == sa.bindparam("document", type_=sa.Uuid),
    document_look.c.username == sa.bindparam("username"),
)
#: a sitting at a draft is told on so often (`commands.looking`)
AGAIN = timedelta(minutes=10)
#: what is compared, in the order of the page: the fields of each kind's own stand between
_HEAD = ("subject", "salutation", "to", "refs", "attachments")
_BODY = ("paragraphs", "tables", "closing", "signer", "position_lines", "cc", "owner_agency",
         "owner_unit", "address", "contact", "priority")  # fmt: skip


def versions(db: Connection, actor: Actor, document_id: UUID) -> Sequence[VersionRow]:
    """Every version, oldest first."""
    access.check_reader(db, actor, access.find(db, actor.agency_id, document_id))
    binds = {"agency": actor.agency_id, "document": document_id}
    return [_row(row) for row in db.execute(_ROWS, binds)]


def version(
    db: Connection, actor: Actor, document_id: UUID, ordinal: int
) -> tuple[VersionRow, Mapping[str, Any]]:
    """One version and its words."""
    access.check_reader(db, actor, access.find(db, actor.agency_id, document_id))
    binds = {"agency": actor.agency_id, "document": document_id, "ordinal": ordinal}
    row = db.execute(_ONE, binds).one_or_none()
    if row is None:
        raise NotFound(f"Expected version {ordinal} of the document, but there is none.")
    return _row(row), row.content


def compare(db: Connection, actor: Actor, document_id: UUID, old: int, new: int = 0) -> Comparison:
    """Word by word. `new` 0 compares with the present text."""
    before = version(db, actor, document_id, old)[1]
    if new:
        after = version(db, actor, document_id, new)[1]
    else:
        after = access.find(db, actor.agency_id, document_id).content
    return Comparison(old, new, tuple(changes(before, after)))


def since_seen(db: Connection, actor: Actor, document_id: UUID) -> Comparison | None:
    """What changed since the actor last looked at the draft, saved it or passed it on, whichever is
    latest; where they never did, since somebody did the step that is theirs now: who comes into a
    post answers for what was told to it. None where nothing changed.
    """
    binds = {"agency": actor.agency_id, "document": document_id, "username": actor.username}
    passed, looked = db.execute(_SEEN, binds).first(), db.execute(_LOOKED, binds).first()
    if looked and looked.before is not None and not (passed and passed.at >= looked.before_at):
        access.check_reader(db, actor, row := access.find(db, actor.agency_id, document_id))
        found: Comparison | None = Comparison(0, 0, tuple(changes(looked.before, row.content)))
    elif passed:
        found = compare(db, actor, document_id, passed.ordinal)
    else:
        found = _since_the_step(db, actor, document_id)
    return found if found is not None and found.changes else None


def _since_the_step(db: Connection, actor: Actor, document_id: UUID) -> Comparison | None:
    steps = access.steps_of(db, actor, access.find(db, actor.agency_id, document_id))
    binds = {"agency": actor.agency_id, "document": document_id, "steps": list(steps)}
    passed = db.execute(_OF_STEP, binds).first() if steps else None
    return replace(compare(db, actor, document_id, passed.ordinal), level=True) if passed else None


def to_be_looked_at(db: Connection, actor: Actor, document_id: UUID, now: datetime) -> bool:
    """Whether a look at the draft is news: of somebody in the route, while words may change."""
    row = access.find(db, actor.agency_id, document_id)
    if row.state not in rules.EDITABLE or not access.is_insider(db, actor, row):
        return False
    binds = {"agency": actor.agency_id, "document": document_id, "username": actor.username}
    last = _LOOKED.with_only_columns(document_look.c.revision, document_look.c.at)
    looked = db.execute(last, binds).first()
    return looked is None or looked.revision != row.revision or now - looked.at >= AGAIN


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    """The fields that differ between two contents, in the order of the page. Pure."""
    for name in compared(before.get("kind"), after.get("kind")):
        for path, old, new in _paired(name, _value(before, name), _value(after, name)):
            if old != new:
                yield FieldChange(path, tuple(_pieces(old, new)))


def compared(*kinds: str | None) -> Sequence[str]:
    """The fields of such documents that are compared; those of `extra` by their bare names."""
    shapes = [KINDS[kind] for kind in kinds if kind and kind in KINDS]
    own = dict.fromkeys(extra.name for shape in shapes for extra in shape.extras)
    return (*_HEAD, *own, *_BODY)


def _paired(name: str, old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    if not isinstance(old, list) and not isinstance(new, list):
        yield name, _words(old), _words(new)
        return
    olds, news = [_words(one) for one in old or ()], [_words(one) for one in new or ()]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag != "equal":
            for step in range(max(i2 - i1, j2 - j1)):
                was = olds[i1 + step] if i1 + step < i2 else ""
                now = news[j1 + step] if j1 + step < j2 else ""
                yield f"{name}.{min(j1 + step, max(len(news) - 1, 0))}", was, now


def _value(content: Mapping[str, Any], name: str) -> Any:
    """Paragraphs with the signs of their marks, tables row by row, a signer's post in one line."""
    if name == "paragraphs":
        return [notation.line_of(one) for one in content.get(name) or ()]
    if name == "tables":
        tables = (content.get("extra") or {}).get(name)
        known = [one for one in tables if notation.is_table(one)] if tables else []
        return [line for one in known for line in notation.table_lines(one)]
    if name == "position_lines":
        return " ".join(content.get(name) or ())
    if name in _HEAD or name in _BODY:
        return content.get(name)
    return (content.get("extra") or {}).get(name)


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values() if part)
    return "" if value is None else str(value)


def _pieces(old: str, new: str) -> Iterator[Piece]:
    before, after = split_words(old), split_words(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i1:i2]))
            continue
        if i2 > i1:
            yield Piece("del", "".join(before[i1:i2]))
        if j2 > j1:
            yield Piece("ins", "".join(after[j1:j2]))


def _row(row: Row) -> VersionRow:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    values = {name: found[name] for name in VersionRow.__dataclass_fields__}
    return VersionRow(**{**values, "id": str(values["id"])})
