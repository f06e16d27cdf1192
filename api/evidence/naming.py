"""What a case's history says of its documents, held against the documents themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from api.evidence.manifest import HISTORY, Document, Event, Manifest
from forms.files import references
from office.documents.rules import AFFIXED, ARCHIVED, COPIED, ENDORSED, ISSUED, SLIP

#: kind and ordinal of a copy, its hash, and that of the file which it was made of
_Copied = tuple[str, str, str, str]


@dataclass(slots=True)
class _Told:
    """The hashes that history names of one document."""

    versions: set[str] = field(default_factory=set)
    signed: set[str] = field(default_factory=set)
    grown: set[str] = field(default_factory=set)
    copied: dict[_Copied, int] = field(default_factory=dict)
    grown_copies: set[str] = field(default_factory=set)


def unnamed(manifest: Manifest, events: Sequence[Event], notes: list[str]) -> Iterator[str]:
    """Findings where history and documents part; a note for what is older than such events."""
    documents = {str(one.id): one for one in manifest.documents}
    told = {name: _Told() for name in documents}
    for event in events:
        if event.type in (ENDORSED, ISSUED, ARCHIVED, AFFIXED, COPIED):
            yield from _event(event, documents, told)
    for name, document in documents.items():
        found = told[name]
        yield from _copies(document, found, notes)
        if not document.versions:
            continue
        if not (found.versions or found.signed):
            notes.append(f"letter {document.label}: the history names no hash of it.")
        else:
            yield from _document(document, found)


def named_files(events: Sequence[Event]) -> set[tuple[str, str]]:
    """Id and hash of each file that people filled into a form."""
    values = (
        value
        for event in events
        if isinstance(told := event.told().get("variables"), dict)
        for value in told.values()
    )
    return {(one["id"], one["sha256"]) for value in values for one in references(value)}


def _event(event: Event, documents: dict[str, Document], told: dict[str, _Told]) -> Iterator[str]:
    said, where = event.told(), f"{HISTORY} line {event.seq}"
    name, sha256 = str(said.get("document_id")), str(said.get("sha256"))
    if name not in documents:
        yield f"{where}: it names the letter {name:.36}, which is not in the file."
        return
    document, kept = documents[name], told[name]
    if event.type == COPIED:
        kind, ordinal, of = (str(said.get(part)) for part in ("copy", "ordinal", "of_sha256"))
        kept.copied[kind, ordinal, sha256, of] = event.seq
        return
    if event.type in (ARCHIVED, AFFIXED):
        (kept.grown_copies if "copy" in said else kept.grown).add(sha256)
        return
    if event.type == ISSUED:
        kept.signed.add(sha256)
        kept.versions.add(str(said.get("version_sha256")))
        if document.signed is None or document.signed.sha256 != sha256:
            yield f"{where}: it names a signed PDF {sha256:.64}, but the letter's is another."
        return
    kept.versions.add(sha256)
    if (said.get("version"), sha256) not in [(v.ordinal, v.sha256) for v in document.versions]:
        yield f"{where}: it names words {sha256:.64} that no version of the letter has."


def _copies(document: Document, told: _Told, notes: list[str]) -> Iterator[str]:
    """History and file tell of the same copies, each made of a file that the letter had."""
    if document.copies is None:
        if told.copied:
            notes.append(
                f"letter {document.label}: the file was made before copies were taken along; those"
                " that its history tells of are not in it."
            )
        return
    there = {(one.kind, str(one.ordinal), one.sha256, str(one.of_sha256)): one
             for one in document.copies}  # fmt: skip
    for named in told.copied.keys() - there.keys():
        yield (
            f"{HISTORY} line {told.copied[named]}: it names a {named[0]:.20} copy {named[2]:.64},"
            f" which the letter {document.label} does not have."
        )
    for named, one in there.items():
        label = f"letter {document.label}, {one.label}"
        if named not in told.copied:
            yield f"{label}: the history does not name it."
        if one.lasting is not None and one.lasting.sha256 not in told.grown_copies:
            yield f"{label}: the history does not name its archived PDF."
        early = one.kind == SLIP and one.of_sha256 is None
        if not early and one.of_sha256 not in told.signed | told.grown:
            yield f"{label}: it was made of a file that the letter never was."


def _document(document: Document, told: _Told) -> Iterator[str]:
    if document.lasting is not None and document.lasting.sha256 not in told.grown:
        yield f"letter {document.label}: the history does not name its archived PDF."
    for one in document.endorsements:
        if one.version_sha256 not in told.versions:
            yield (
                f"letter {document.label}, endorsement {one.ordinal}: the history does not name the"
                " words that it vouches for."
            )
    sealed = document.signed
    if sealed is not None and sealed.sha256 not in told.signed:
        yield f"letter {document.label}: the history does not name its signed PDF."
    if sealed is not None and sealed.version_sha256 not in told.versions:
        yield f"letter {document.label}: the history does not name the words that were signed."
