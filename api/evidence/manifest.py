"""What an evidence file says: the facts of its case, and a hash of everything that is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from api.evidence.container import Broken
from engine import jsonio
from office.correspondence.issued import Issued
from office.documents.rules import SLIP

FORMAT = 1
MANIFEST, SEAL, HISTORY, SUMMARY = "manifest.json", "seal.txt", "history.jsonl", "summary.txt"
#: history's events that lead a case to another version of its process
MIGRATIONS = frozenset({"instance.migrated", "instance.migration_undone"})


@dataclass(frozen=True, slots=True)
class Agency:
    id: UUID
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Process:
    """The root, or a process that it called. Its variables lie in an entry named by their hash.
    A secret letter is not told by its case's title either: None.
    """

    id: UUID
    parent_id: UUID | None
    definition_id: UUID
    business_key: str | None
    title: str | None
    status: str
    starter: str | None
    variables_sha256: str
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeployedFile:
    name: str
    sha256: str

    @property
    def entry(self) -> str:
        kind = self.name.rpartition(".")[2]
        return f"definitions/{self.sha256}.{kind if kind in {'bpmn', 'dmn', 'json'} else 'bin'}"


@dataclass(frozen=True, slots=True)
class Definition:
    """`bundle_sha` stands for all files of the deployment and for what its calls are pinned to."""

    id: UUID
    key: str
    version: int
    name: str
    file_name: str
    bundle_sha: str
    pins: Mapping[str, str]
    deployed_by: str
    deployed_at: datetime
    files: tuple[DeployedFile, ...]


@dataclass(frozen=True, slots=True)
class History:
    """`head` is the last link as the case's own row has it."""

    events: int
    head: str


@dataclass(frozen=True, slots=True)
class Event:
    """A line of history.jsonl; `data` is text as it was hashed."""

    seq: int
    instance_id: UUID
    at: datetime
    type: str
    element_id: str | None
    task_id: UUID | None
    actor: str
    on_behalf_of: str | None
    instrument_id: UUID | None
    data: str
    hash: str

    def told(self) -> Mapping[str, Any]:
        """The data as a value; empty where it is none of ours."""
        try:
            found = jsonio.loads(self.data)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that was enclosed with a version; no name where the words are withheld."""

    name: str
    sha256: str

    @property
    def entry(self) -> str:
        return f"documents/{self.sha256}.bin"


@dataclass(frozen=True, slots=True)
class Version:
    """`sha256` is over the words and the enclosures' hashes: what an endorsement vouches for."""

    ordinal: int
    revision: int
    sha256: str
    pdf_sha256: str | None
    enclosed: tuple[Enclosed, ...]
    frozen_by: str
    frozen_at: datetime

    @property
    def words(self) -> str:
        return f"documents/{self.sha256}.json"


@dataclass(frozen=True, slots=True)
class Endorsement:
    """No `position_lines` (under the name, as they were then) where they were not kept yet."""

    ordinal: int
    element_id: str
    level: str
    username: str
    name: str
    on_behalf_of: str | None
    instrument_id: UUID | None
    task_id: UUID
    outcome: str | None
    text: str | None
    skipped: bool
    at: datetime
    lapsed_at: datetime | None
    version_sha256: str
    position_lines: tuple[str, ...] | None = None
    outcome_name: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """One attempt to sign; `sha256` is of its file."""

    id: UUID
    state: str
    username: str
    name: str
    position_lines: tuple[str, ...]
    mode: str | None
    instrument_ref: str | None
    method: str
    number: str | None
    dated: date | None
    version_sha256: str
    digest: str | None
    level: str | None
    sha256: str | None
    reserved_at: datetime
    signed_at: datetime | None
    stamped_at: datetime | None
    settled_at: datetime | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class Rendition:
    """The signed file as it has grown: the agency's seal, and archive timestamps, behind it."""

    ordinal: int
    level: str
    stamped_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that was made of the signed one, whose hash then was `of_sha256`: with a receiving
    stamp, or certified by `name` in the post that `position_lines` say; or a slip of endorsements,
    which may be of before there was a signed file (None). `lasting`: the newest
    rendition of a certified one.
    """

    kind: str
    ordinal: int
    of_sha256: str | None
    sha256: str
    made_by: str
    made_at: datetime
    name: str | None
    position_lines: tuple[str, ...]
    level: str | None
    lasting: Rendition | None

    @property
    def label(self) -> str:
        return f"{self.kind} {'' if self.kind == SLIP else 'copy '}{self.ordinal}"

    @property
    def files(self) -> tuple[str, ...]:
        """Hashes of its files: as it was made, and as it is now."""
        return (self.sha256, self.lasting.sha256) if self.lasting else (self.sha256,)


@dataclass(frozen=True, slots=True)
class Document:
    """`withheld`: secret beyond what the maker of the file may read; hashes without words.
    `lasting`: the newest rendition of the signed file; None where there is none, and in files that
    were made before it was taken along. `copies`: None in files that were made before these were.
    """

    id: UUID
    kind: str
    subject: str | None
    state: str
    number: str | None
    dated: date | None
    urgency: int
    secrecy: int
    owner_unit: str
    drafter: str
    signing_post: str
    withheld: bool
    versions: tuple[Version, ...]
    endorsements: tuple[Endorsement, ...]
    signatures: tuple[Signature, ...]
    lasting: Rendition | None = None
    copies: tuple[Copy, ...] | None = None

    @property
    def signed(self) -> Signature | None:
        """The attempt that counts."""
        return next((one for one in self.signatures if one.state == "signed"), None)

    @property
    def label(self) -> str:
        return self.number or str(self.id)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a letter had, in its book; void ones stay in it."""

    document_id: UUID
    text: str
    dated: date
    state: str
    reserved_by: str
    reserved_at: datetime
    settled_at: datetime | None
    cause: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file that a form of the case took, in the variable `field`; `task_id` None: its start. No
    name where the case's words are withheld.
    """

    id: UUID
    name: str
    field: str
    sha256: str
    size: int
    task_id: UUID | None
    added_by: str
    added_at: datetime

    @property
    def entry(self) -> str:
        return f"files/{self.sha256}.bin"


@dataclass(frozen=True, slots=True)
class FileFact:
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`missing` are entries whose bytes the office's storage did not have. `case_files`: None in
    files that were made before these were taken along.
    """

    format: int
    agency: Agency
    root: UUID
    processes: tuple[Process, ...]
    definitions: tuple[Definition, ...]
    history: History
    documents: tuple[Document, ...]
    numbers: tuple[Number, ...]
    journal: tuple[Issued, ...]
    missing: tuple[str, ...] = ()
    case_files: tuple[CaseFile, ...] | None = None
    files: Mapping[str, FileFact] = msgspec.field(default_factory=dict)

    @property
    def case(self) -> Process:
        return next(one for one in self.processes if one.id == self.root)

    @property
    def withheld(self) -> bool:
        return any(one.withheld for one in self.documents)


def variables_entry(sha256: str) -> str:
    return f"variables/{sha256}.json"


def pdf_entry(sha256: str) -> str:
    return f"documents/{sha256}.pdf"


def seal_of(manifest: bytes) -> str:
    """What `sha256sum --check seal.txt` reads."""
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST}\n"


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.format(jsonio.canonical(manifest), indent=1) + b"\n"


def decode(data: bytes) -> Manifest:
    """Raises `Broken`, which says where the manifest is not one of ours."""
    found: Manifest = _converted(MANIFEST, data, Manifest)
    if found.format != FORMAT:
        raise Broken(
            f"Expected evidence of format {FORMAT}, but this is of format {found.format}."
            " Take the version of Saraban that wrote it."
        )
    if all(one.id != found.root for one in found.processes):
        raise Broken(f"Expected {MANIFEST} to describe its case {found.root}, but it does not.")
    return found


def event_line(event: Mapping[str, Any]) -> bytes:
    """A row of history, its hash as bytes, as a line."""
    kept = {name: event[name] for name in Event.__dataclass_fields__}
    return jsonio.canonical({**kept, "hash": bytes(event["hash"]).hex()}) + b"\n"


def decode_event(number: int, line: bytes) -> Event:
    found: Event = _converted(f"{HISTORY} line {number}", line, Event)
    return found


def hashed(event: Event) -> dict[str, Any]:
    """The event as its link is computed over."""
    return asdict(event)


def _converted(where: str, data: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise Broken(
            f"Expected {where} as it was written, but it cannot be read: {wrong}"
        ) from None
