"""/messages: to the instance that waits for one, to the process that it starts, or kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marshmallow import Schema, ValidationError

from api.rest import answers
from api.rest.fields import Duration, Text, variables
from api.rest.frame import Resource, execute
from engine.commands.messages import SendMessage

resource = Resource(
    "messages", __name__, url_prefix="/api/v1/messages", description="Messages from outside."
)

LONGEST_WAIT = timedelta(days=366)


def _bounded(ttl: timedelta) -> None:
    if not timedelta() < ttl <= LONGEST_WAIT:
        raise ValidationError("Expected more than nothing and at most 366 days.")


class NewMessage(Schema):
    name = Text(required=True)
    correlation_key = Text(required=True)
    variables = variables()
    ttl = Duration(load_default=None, allow_none=True, validate=_bounded)


@resource.post(
    "", takes=NewMessage, gives=answers.CorrelatedMessage, also={202: answers.KeptMessage}
)
def send(body: dict[str, Any]) -> Any:
    """Send a message to the instance that waits for it, else to the process that it starts.

    Nobody waits and it starts nothing, or its instance with this key still runs: 404, or with
    `ttl` it is kept that long and answers 202 (right: operate; whoever administers a process sends
    to its cases, and keeps none).
    """
    answer = execute(SendMessage(**body))
    return (answer, 202) if "message_id" in answer else answer
