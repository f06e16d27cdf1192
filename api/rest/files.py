"""/files: what a form's field for files will name is handed in first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g

from api.rest import answers
from api.rest.frame import Resource, execute, system
from api.rest.uploads import posted_file
from office.files.commands import HandInFile, TakeBackFile
from office.files.uploads import MOST, receive

resource = Resource(
    "files", __name__, url_prefix="/api/v1/files",
    description="Files that forms are about to name.",
)  # fmt: skip

#: what multipart puts around a file
FRAME = 64 << 10


@resource.post(
    "", gives=answers.FileReference, status=201, max_body=MOST + FRAME,
    body_media="multipart/form-data",
)  # fmt: skip
def hand_in() -> Any:
    """Hand in a file for a form's field: its id, in a list, is then the value of the field, when
    the process is started or the task completed. It is checked before it is kept; what no form
    names within two days is let go of.
    """
    name, content = posted_file("file")
    return execute(HandInFile(receive(system().storage, g.actor.agency_id, content, name)))


@resource.delete("/<uuid:file_id>", gives=answers.TakenBackFile)
def take_back(file_id: UUID) -> Any:
    """Take back a file that you handed in and that no form has named."""
    return execute(TakeBackFile(file_id))
