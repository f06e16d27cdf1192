"""/conditions: facts of the world, of which processes begin."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from api.rest import answers
from api.rest.fields import variables
from api.rest.frame import Resource, execute
from engine.commands.conditions import TellFacts

resource = Resource(
    "conditions",
    __name__,
    url_prefix="/api/v1/conditions",
    description="Facts of the world, of which processes begin.",
)


class Facts(Schema):
    variables = variables()


@resource.post("", takes=Facts, gives=answers.AskedConditions)
def tell(body: dict[str, Any]) -> Any:
    """Tell facts: processes begin whose conditional start event comes true of them.

    Asked are those that name nothing else; one begins where it was not true when it was last asked.
    Right: operate; whoever administers a process asks its conditions.
    The instances have the facts as variables. A mistyped condition holds nothing up: it is told.
    """
    return execute(TellFacts(body["variables"]))
