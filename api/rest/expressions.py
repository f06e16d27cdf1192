"""/expressions: what an expression comes to, for designers who try one."""

from __future__ import annotations

from typing import Any, Literal

from flask import g
from marshmallow import Schema, fields, validate

from api.rest import answers
from api.rest.fields import variables
from api.rest.frame import Resource, read, system
from engine import feel
from engine.errors import FieldError, Invalid
from engine.feel import values
from engine.feel.border import inward
from engine.feel.kinds import kind

resource = Resource(
    "expressions", __name__, url_prefix="/api/v1/expressions", description="FEEL, tried out."
)

KINDS: tuple[Literal["expression", "unary", "script"], ...] = ("expression", "unary", "script")
LONGEST = 20_000


class Expression(Schema):
    """`kind`: an expression, unary tests (of the variable `?`), or a script (a context)."""

    text = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))
    kind = fields.String(load_default="expression", validate=validate.OneOf(KINDS))
    context = variables()


@resource.post("/evaluate", takes=Expression, gives=answers.Evaluation, scope="read", asks=True)
def evaluate(body: dict[str, Any]) -> Any:
    """Evaluate a FEEL expression. Syntax errors and exceeded limits are 422; null is 200."""
    hours = read(system().services.calendars.working_time, g.actor.agency_id)
    try:
        context = values.from_json(body["context"])
        tree = feel.parse(body["text"], body["kind"], tuple(context))
        found = feel.evaluate(tree, context, now=g.now, working_time=hours, strict=False)
        return told(found)
    except feel.FeelError as wrong:
        raise refusal(wrong, "text") from None


def refusal(wrong: feel.FeelError, field: str) -> Invalid:
    """A syntax error, an exceeded limit or data that FEEL cannot hold, at its place."""
    message = f"Expected an expression that can be evaluated, but {wrong}"
    return Invalid(message, [FieldError(field, str(wrong), wrong.code)], code=wrong.code)


def told(found: feel.Result) -> answers.Evaluation:
    return answers.Evaluation(
        value=values.to_json(found.value),
        type=kind(inward(found.value)),
        warnings=[str(warning) for warning in found.warnings],
        steps=found.steps,
    )
