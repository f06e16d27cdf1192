"""/deployments: diagrams, decisions and forms, deployed together or not at all."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import g, request

from api.rest import answers
from api.rest.frame import Resource, execute, read, system
from api.rest.uploads import posted_set
from engine.commands.deployments import Deploy
from office.modeling.staffing import shortfalls

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
    """Deploy .bpmn, .dmn and .form.json files, or one ZIP of them, as one bundle; 422 lists all
    problems, located.

    Tests among them (.tests.json) are run: where one fails, nothing is deployed. Warnings tell also
    whom a step names and nobody acts for today.
    """
    files = posted_set("files", MOST_FILES, LARGEST)
    made = execute(Deploy(files, request.form.get("name", "")[:200]))
    directory = system().services.directory
    lacking = read(shortfalls, g.actor.agency_id, directory, files, g.now)
    return {**made, "warnings": [*made["warnings"], *(asdict(one) for one in lacking)]}
