"""Fields that take files: what a value of theirs says, and which files a field asks for.

A form never sees bytes. Files are handed in first; the value of the field names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms.messages import Message

#: extension to media type: what offices exchange, and nothing that runs
KINDS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "csv": "text/csv",
}
#: what a variable holds of a file, in the order in which it is told: size in bytes, hash in hex
REFERENCE = ("id", "name", "type", "size", "sha256")
#: of one field
MOST_FILES = 20

Reference = Mapping[str, Any]


def references(value: Any) -> list[Reference]:
    """The files that a variable names; none where it is no list of files."""
    if not isinstance(value, list) or not all(_is_reference(item) for item in value):
        return []
    return value


def imagined(said: Reference) -> Reference:
    """A file that is only spoken of, as in a model's test: what is not said of it is made up."""
    name = str(said.get("name") or said["id"])
    media_type = KINDS.get(_extension(name), "")
    return {"id": said["id"], "name": name, "type": media_type, "size": 1, "sha256": "", **said}


def names_typed(value: Any) -> list[str]:
    """Names of files that are only spoken of, out of texts with commas between them."""
    texts = value if isinstance(value, list) else [value]
    parts = (part.strip() for text in texts if isinstance(text, str) for part in text.split(","))
    return [part for part in parts if part]


def _is_reference(item: Any) -> bool:
    return (
        isinstance(item, Mapping)
        and set(REFERENCE) <= item.keys()
        and all(isinstance(item[name], str) for name in REFERENCE if name != "size")
        and isinstance(item["size"], int)
    )


def kinds_of(accept: str) -> frozenset[str] | None:
    """The extensions that `accept` (HTML's: ".pdf, image/*, text/csv") stands for; ValueError where
    a part of it stands for none that is taken, None where it asks for nothing.
    """
    parts = [part.strip().lower() for part in accept.split(",") if part.strip()]
    found = [_kinds(part) for part in parts]
    return frozenset[str]().union(*found) if parts else None


def _kinds(part: str) -> frozenset[str]:
    if part.startswith("."):
        found = {part[1:]} & KINDS.keys()
    elif part.endswith("/*"):
        found = {kind for kind, media in KINDS.items() if media.startswith(part[:-1])}
    else:
        found = {kind for kind, media in KINDS.items() if media == part}
    if not found:
        raise ValueError(part)
    return frozenset(found)


def misfit(found: Sequence[Reference], accept: str, *, several: bool) -> Message | None:
    """What is wrong with files of a field, but for whether there are any."""
    most = MOST_FILES if several else 1
    if len(found) > most:
        return Message("file_count" if several else "one_file", limit=most)
    kinds = kinds_of(accept)
    for name in (str(one["name"]) for one in found):
        if kinds is not None and _extension(name) not in kinds:
            return Message("file_kind", name=name, kinds=listed(accept))
    return None


def listed(accept: str) -> str:
    """The extensions as people read them."""
    taken = kinds_of(accept) or KINDS
    return ", ".join(kind for kind in KINDS if kind in taken)


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower()
