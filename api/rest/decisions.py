"""/decisions: what a deployed decision, or one that is being drawn, comes to."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy import Connection

from api.rest import answers
from api.rest.expressions import refusal, told
from api.rest.fields import LONGEST_KEY, Text, variables
from api.rest.frame import Resource, read, system
from engine import dmn
from engine.errors import FieldError, Invalid, NotFound
from engine.feel import FeelError, values
from engine.queries import definitions

resource = Resource(
    "decisions", __name__, url_prefix="/api/v1/decisions", description="Decisions, tried out."
)

LONGEST_MODEL = 900_000

#: Names and contents, hashable: a model that was read is kept.
Files = tuple[tuple[str, bytes], ...]


class Question(Schema):
    """`definition_key` of a process deployed with the model, or the model itself as `xml`."""

    definition_key = Text(load_default=None)
    xml = fields.String(load_default=None, validate=validate.Length(min=1, max=LONGEST_MODEL))
    decision = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_KEY))
    inputs = variables()

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("definition_key") is None) == (data.get("xml") is None):
            raise ValidationError("Expected either definition_key or xml.", "definition_key")


@resource.post("/evaluate", takes=Question, gives=answers.Evaluation, scope="read", asks=True)
def evaluate(body: dict[str, Any]) -> Any:
    """Evaluate a decision with all that it requires. Null is 200, with warnings that say why."""
    if body["xml"] is not None:
        files: Files = (("model.dmn", body["xml"].encode()),)
    else:
        files = read(_deployed, body["definition_key"])
    hours = read(system().services.calendars.working_time, g.actor.agency_id)
    try:
        inputs = values.from_json(body["inputs"])
        model = _model(files)
        found = model.result(body["decision"], inputs, now=g.now, working_time=hours)
        return told(found)
    except dmn.UnknownDecision as wrong:
        error = FieldError("decision", str(wrong), "unknown_decision")
        raise Invalid(str(wrong), [error], code="unknown_decision") from None
    except FeelError as wrong:
        raise refusal(wrong, "inputs") from None


def _deployed(db: Connection, key: str) -> Files:
    """The decision models beside the newest version of a process."""
    found = definitions.latest(db, g.actor.agency_id, key)
    if not found:
        raise NotFound(f"Expected a process definition with the key {key!r}, but found none.")
    files = definitions.files(db, g.actor.agency_id, UUID(found[0].id))
    models = [(name, content) for name, content in files.items() if name.endswith(".dmn")]
    if not models:
        raise NotFound(f"Expected decision models deployed with {key!r}, but there are none.")
    return tuple(sorted(models))


@lru_cache(maxsize=64)
def _model(files: Files) -> dmn.Model:
    return dmn.load(dict(files))
