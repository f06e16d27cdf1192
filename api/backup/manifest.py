"""What an archive says of itself: where it comes from, what is in it, and a hash of each part."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from api.backup.archive import Damaged, Member, Reader
from api.backup.rows import Column
from engine.errors import Invalid

FORMAT = 1
NAME = "manifest.json.zst"
JOURNAL, AUTHORITY, FILES = "journal/", "authority/", "files/"


@dataclass(frozen=True, slots=True)
class TableRows:
    name: str
    columns: tuple[Column, ...]
    rows: int

    @property
    def folder(self) -> str:
        return folder_of(self.name)


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: datetime
    #: of the migrations
    revision: str
    dialect: str
    #: a keyed hash of nothing under the installation's secret: tells whether another has the same
    secret: str
    #: parents before children
    tables: tuple[TableRows, ...]
    files: int
    file_bytes: int
    #: files that rows name, but that storage did not have, or had damaged
    missing: tuple[str, ...]
    journal_lines: int
    #: SHA-256 of each member as it lies here; a file of storage has its own in its name
    members: Mapping[str, str]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def folder_of(table: str) -> str:
    return f"tables/{table}/"


def file_name(agency_id: UUID, sha256: str) -> str:
    return f"{FILES}{agency_id}/{sha256}.zst"


def file_of(member: Member) -> tuple[UUID, str]:
    """The agency and the hash that the member's name says."""
    _, agency, name = member.name.split("/")
    return UUID(agency), name.removesuffix(".zst")


def mark_of(secret: str) -> str:
    return hmac.new(secret.encode(), b"saraban backup", hashlib.sha256).hexdigest()[:16]


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.encode(manifest)


def checked(archive: Reader) -> tuple[Manifest, dict[str, Member]]:
    """The manifest, and every member but the files, of an archive that is whole; else Damaged."""
    if not archive.seal_holds():
        raise _located(archive)
    found = {one.name: one for one in archive.members() if not one.name.startswith(FILES)}
    return _manifest(archive, found), found


def _manifest(archive: Reader, found: Mapping[str, Member]) -> Manifest:
    try:
        raw = archive.read(found[NAME])
        if (version := msgspec.json.decode(raw)["format"]) != FORMAT:
            raise Invalid(
                f"Expected a backup of format {FORMAT}, but {archive.file.name} is of {version}."
                " Restore it with the version that made it."
            )
        return msgspec.json.decode(raw, type=Manifest)
    except (KeyError, msgspec.MsgspecError):
        raise Damaged(archive.file, "it has no manifest that can be read") from None


def _located(archive: Reader) -> Damaged:
    """Where the first changed byte is, as nearly as can be told."""
    try:
        found = {one.name: one for one in archive.members()}
        manifest = _manifest(archive, found)
        for one in found.values():
            if not _is_whole(archive, manifest, one):
                return archive.damaged(one)
    except Damaged as damaged:
        return damaged
    return Damaged(archive.file, "its seal does not fit, or something between its members changed")


def _is_whole(archive: Reader, manifest: Manifest, member: Member) -> bool:
    if member.name.startswith(FILES):
        return hashlib.sha256(archive.read(member)).hexdigest() == file_of(member)[1]
    stored = hashlib.sha256(archive.stored(member)).hexdigest()
    return member.name == NAME or manifest.members.get(member.name) == stored
