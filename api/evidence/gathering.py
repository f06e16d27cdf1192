"""From rows to the facts of a case, and to the entries that hold what the facts are hashes of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from api.evidence import manifest as facts
from api.evidence.manifest import FORMAT, MIGRATIONS, Manifest, pdf_entry, variables_entry
from engine import jsonio
from engine.actor import Actor
from engine.models.packing import pack
from engine.queries import evidence as cases
from office.correspondence.numbers import Registry
from office.correspondence.queries import numbers_of_documents
from office.documents.access import cleared_up_to
from office.documents.errors import not_cleared
from office.documents.queries.evidence import Kept, kept_of_case
from office.documents.rules import CERTIFIED_COPY
from office.files.cases import rows_of
from office.people import queries as people
from office.people.rights import demand

Row = Mapping[str, Any]


@dataclass(slots=True)
class Case:
    """What is written: `early` and `late` entries are at hand, `stored` ones are named by hash."""

    manifest: Manifest
    rows: Sequence[Row]
    events: Sequence[facts.Event]
    early: dict[str, bytes] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)
    late: dict[str, bytes] = field(default_factory=dict)


def gather(db: Connection, numbers: Registry, actor: Actor, root: UUID) -> Case:
    """The case as the actor may take it out of the house. Right: audit."""
    demand(actor, "audit")
    agency = people.agency(db, actor.agency_id)
    processes = cases.processes(db, agency.id, root)
    rows = cases.events(db, agency.id, root)
    events = [facts.decode_event(n, facts.event_line(row)) for n, row in enumerate(rows, 1)]
    versions = cases.versions(db, agency.id, _versions_named(processes, events))
    documents = kept_of_case(db, actor, [one["id"] for one in processes])
    _check_cleared(actor, documents)
    ids = [one.document["id"] for one in documents]
    hidden = any(not one.open for one in documents)
    top = next(one for one in processes if one["id"] == root)
    made = Manifest(
        format=FORMAT,
        agency=facts.Agency(agency.id, agency.code, agency.name, agency.name_en),
        root=root,
        processes=tuple(_process(one, hidden=hidden) for one in processes),
        definitions=tuple(_definition(one) for one in versions),
        history=facts.History(top["history_seq"], bytes(top["history_hash"]).hex()),
        documents=tuple(_document(one) for one in documents),
        numbers=tuple(
            _made(facts.Number, row._asdict()) for row in numbers_of_documents(db, agency.id, ids)
        ),
        journal=tuple(numbers.issued(agency.id, ids)),
        case_files=tuple(
            _made(facts.CaseFile, asdict(one), **({"name": ""} if hidden else {}))
            for one in rows_of(db, agency.id, root)
        ),
    )
    case = Case(made, rows, events)
    _add_definitions(case, versions)
    _add_documents(case, documents)
    if not hidden:
        case.stored |= {one.entry: one.sha256 for one in made.case_files or ()}
        case.late |= {variables_entry(_sha256(it)): it for it in map(_variables, processes)}
    return case


def _check_cleared(actor: Actor, documents: Iterable[Kept]) -> None:
    """A history proves nothing with holes in it, and holds what was said: it leaves the house
    whole, with who is cleared for it.
    """
    if not all(cleared_up_to(actor, one.document["secrecy"]) for one in documents):
        raise not_cleared(actor.username)


def _versions_named(processes: Iterable[Row], events: Iterable[facts.Event]) -> set[UUID]:
    """The versions that run, and those that the case was on before."""
    found = {one["definition_id"] for one in processes}
    for event in events:
        if event.type in MIGRATIONS:
            found |= {UUID(event.told()["from"]), UUID(event.told()["to"])}
    return found


def _made(kind: type[Any], row: Row, **more: Any) -> Any:
    """A fact from the columns that have its fields' names."""
    taken = {name: row[name] for name in kind.__dataclass_fields__ if name in row}
    return kind(**{**taken, **more})


def _process(row: Row, *, hidden: bool) -> facts.Process:
    made: facts.Process = _made(
        facts.Process,
        row,
        title=None if hidden else row["title"],
        variables_sha256=_sha256(_variables(row)),
    )
    return made


def _variables(row: Row) -> bytes:
    return jsonio.canonical(pack(row["variables"]))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _definition(version: cases.Version) -> facts.Definition:
    files = tuple(facts.DeployedFile(file.name, file.sha256) for file in version.files)
    taken = {name: getattr(version, name) for name in facts.Definition.__dataclass_fields__}
    return facts.Definition(**{**taken, "files": files})


def _document(kept: Kept) -> facts.Document:
    row, hidden = kept.document, not kept.open
    made: facts.Document = _made(
        facts.Document,
        row,
        subject=None if hidden else row["subject"],
        withheld=hidden,
        versions=tuple(_version(one, hidden=hidden) for one in kept.versions),
        endorsements=tuple(
            _made(
                facts.Endorsement,
                one,
                text=None if hidden else one["text"],
                position_lines=_lines(one["position_lines"]),
            )
            for one in kept.endorsements
        ),
        signatures=tuple(
            _made(
                facts.Signature,
                one,
                position_lines=tuple(one["position_lines"]),
                sha256=one["file_sha256"],
            )
            for one in kept.signatures
        ),
        lasting=_lasting(kept.renditions),
        copies=tuple(_copy(one, kept.grown_copies) for one in kept.copies),
    )
    return made


def _copy(row: Row, grown: Sequence[Row]) -> facts.Copy:
    told = row["told"]
    certified = row["kind"] == CERTIFIED_COPY
    made: facts.Copy = _made(
        facts.Copy,
        row,
        sha256=row["file_sha256"],
        name=told["name"] if certified else None,
        position_lines=tuple(told["position_lines"]) if certified else (),
        level=told["level"] if certified else None,
        lasting=_lasting([one for one in grown if one["copy_id"] == row["id"]]),
    )
    return made


def _lines(kept: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if kept is None else tuple(kept)


def _lasting(renditions: Sequence[Row]) -> facts.Rendition | None:
    """The newest: each begins with the one before."""
    if not renditions:
        return None
    made: facts.Rendition = _made(
        facts.Rendition, renditions[-1], sha256=renditions[-1]["file_sha256"]
    )
    return made


def _version(row: Row, *, hidden: bool) -> facts.Version:
    enclosed = tuple(
        facts.Enclosed("" if hidden else one["name"], one["sha256"]) for one in row["attachments"]
    )
    made: facts.Version = _made(
        facts.Version, row, pdf_sha256=row["file_sha256"], enclosed=enclosed
    )
    return made


def _add_definitions(case: Case, versions: Sequence[cases.Version]) -> None:
    for version, told in zip(versions, case.manifest.definitions, strict=True):
        for file, fact in zip(version.files, told.files, strict=True):
            case.early[fact.entry] = file.content


def _add_documents(case: Case, documents: Sequence[Kept]) -> None:
    """Words, drawn pages, enclosures, signed files and copies of what the actor may read."""
    for kept, told in zip(documents, case.manifest.documents, strict=True):
        if told.withheld:
            continue
        for row, version in zip(kept.versions, told.versions, strict=True):
            case.early[version.words] = jsonio.canonical([row["content"], row["attachments"]])
            if version.pdf_sha256 is not None:
                case.stored[pdf_entry(version.pdf_sha256)] = version.pdf_sha256
            case.stored |= {one.entry: one.sha256 for one in version.enclosed}
        if told.signed is not None and told.signed.sha256 is not None:
            case.stored[pdf_entry(told.signed.sha256)] = told.signed.sha256
        if told.lasting is not None:
            case.stored[pdf_entry(told.lasting.sha256)] = told.lasting.sha256
        for copy in told.copies or ():
            case.stored |= {pdf_entry(sha256): sha256 for sha256 in copy.files}
