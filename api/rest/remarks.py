"""/documents/<id>/remarks: what readers of a draft say of its words, and propose for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate

from api.rest.fields import Text
from api.rest.frame import Resource, execute, read
from office.documents import queries
from office.documents.commands import AddRemark, AnswerRemark, SettleRemark
from office.documents.commands.remarks import LONGEST_TEXT, LONGEST_WORDS, Verdict
from office.documents.queries import RemarkRow

resource = Resource(
    "remarks", __name__, url_prefix="/api/v1/documents/<uuid:document_id>/remarks",
    description="Remarks on drafts, and proposals of other words.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remarks:
    items: Sequence[RemarkRow]


@dataclass(frozen=True, slots=True)
class KeptRemark:
    id: str
    document_id: str


@dataclass(frozen=True, slots=True)
class SettledRemark:
    id: str
    document_id: str
    state: str


class NewRemark(Schema):
    """`quote` are words of paragraph `paragraph` (from 0), the first at or behind letter `start`.
    `replacement` proposes others for them; an empty one leaves them out.
    """

    text = Text(LONGEST_TEXT, shortest=0, load_default="")
    quote = Text(LONGEST_WORDS, shortest=0, load_default="")
    paragraph = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 100_000)
    )
    start = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 10_000_000))
    replacement = Text(LONGEST_WORDS, shortest=0, load_default=None, allow_none=True)


class RemarkAnswer(Schema):
    text = Text(LONGEST_TEXT, required=True)


class RemarkVerdict(Schema):
    """Accepting changes the draft's words; declining is of proposals alone."""

    verdict = fields.String(required=True, validate=validate.OneOf(get_args(Verdict)))


@resource.get("", gives=Remarks)
def listing(document_id: UUID) -> Any:
    """All remarks on a draft, oldest first, and where their words stand now."""
    return Remarks(read(queries.of_draft, g.actor, document_id))


@resource.post("", takes=NewRemark, gives=KeptRemark, status=201)
def add(body: dict[str, Any], document_id: UUID) -> Any:
    """Say something of a draft or of words in it, or propose others for them."""
    return execute(AddRemark(document_id, **body))


@resource.post("/<uuid:remark_id>/answers", takes=RemarkAnswer, gives=KeptRemark, status=201)
def answer(body: dict[str, Any], document_id: UUID, remark_id: UUID) -> Any:
    """Answer an open remark."""
    return execute(AnswerRemark(document_id, remark_id, **body))


@resource.post("/<uuid:remark_id>/settle", takes=RemarkVerdict, gives=SettledRemark)
def settle(body: dict[str, Any], document_id: UUID, remark_id: UUID) -> Any:
    """Resolve, accept, decline or reopen a remark."""
    return execute(SettleRemark(document_id, remark_id, **body))
