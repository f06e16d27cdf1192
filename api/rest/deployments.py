"""/deployments: diagrams, decisions and forms, deployed together or not at all."""

from __future__ import annotations

from typing import Any

from flask import request

from api.rest import answers
from api.rest.frame import Resource, execute
from api.rest.uploads import posted_files
from engine.commands.deployments import Deploy

resource = Resource(
    "deployments", __name__, url_prefix="/api/v1/deployments", description="Processes go live."
)

LARGEST = 16 << 20
MOST_FILES = 200


@resource.post(
    "", gives=answers.Deployment, status=201, scope="deploy",
    max_body=LARGEST, body_media="multipart/form-data", files="files", texts=("name",),
)  # fmt: skip
def deploy() -> Any:
    """Deploy .bpmn, .dmn and .form.json files as one bundle; 422 lists all problems, located.

    Tests among them (.tests.json) are run: where one fails, nothing is deployed.
    """
    return execute(Deploy(posted_files("files", MOST_FILES), request.form.get("name", "")[:200]))
