"""Judging an evidence file with nothing but the file and the certificates that one trusts.

Every hash is computed again, the chain from its beginning to its head, the hashes that history
names are looked up, and each signed PDF is judged by `signing`. No database, no settings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from api.evidence import manifest as manifests
from api.evidence.chaining import Chain, read_chain
from api.evidence.container import LARGEST_ENTRY, Broken, Reader, opened
from api.evidence.manifest import (
    HISTORY,
    MANIFEST,
    SEAL,
    SUMMARY,
    Copy,
    Document,
    Manifest,
    pdf_entry,
    variables_entry,
)
from api.evidence.naming import named_files, unnamed
from api.evidence.summary import summarize
from engine import jsonio
from engine.runtime import bundle_hash
from office.documents.rules import CERTIFIED_COPY
from signing.verify import Verdict, verify_upload

#: seconds for one signed PDF
PATIENCE = 30
MOST_SIGNED = 100
MOST_CERTIFIED = 300
LARGEST_MANIFEST = 16 << 20


@dataclass(slots=True)
class Report:
    """What was found. It holds when there are no findings; `notes` say what could not be asked."""

    manifest: Manifest | None = None
    seal: str = ""
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    verdicts: list[tuple[str, Verdict]] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class _Exhibit:
    reader: Reader
    manifest: Manifest
    chain: Chain
    trust: Sequence[bytes]
    at: datetime
    report: Report

    def has(self, name: str) -> bool:
        return name in self.reader.entries

    def sha256(self, name: str) -> str | None:
        return self.reader.entries[name].sha256 if self.has(name) else None


def examine(file: Path, trust: Sequence[bytes], at: datetime, *, seal: str = "") -> Report:
    """The report on a stranger's file. `seal` is what it is expected to be sealed with, where that
    is known.
    """
    report = Report()
    try:
        with file.open("rb") as source:
            _examine(opened(file, source), trust, at, report)
    except Broken as broken:
        report.findings.append(broken.message)
    if seal and report.seal and seal.lower() != report.seal:
        report.findings.append(
            f"Expected the seal {seal:.64}, but the file is sealed {report.seal}: it is another."
        )
    return report


def _examine(reader: Reader, trust: Sequence[bytes], at: datetime, report: Report) -> None:
    for name in (HISTORY, MANIFEST, SEAL, SUMMARY):
        if name not in reader.entries:
            raise Broken(f"Expected {name} in the file, but it is not there.")
    if reader.entries[MANIFEST].size > LARGEST_MANIFEST:
        raise Broken(f"Expected at most {LARGEST_MANIFEST >> 20} MB of {MANIFEST}.")
    data = reader.read(MANIFEST)
    report.seal = hashlib.sha256(data).hexdigest()
    if reader.read(SEAL).decode("latin-1") != manifests.seal_of(data):
        report.findings.append(
            f"{SEAL}: it is not the seal of {MANIFEST}; one of them was changed."
        )
    report.manifest = manifests.decode(data)
    chain = read_chain(reader.read(HISTORY), report.manifest)
    exhibit = _Exhibit(reader, report.manifest, chain, trust, at, report)
    report.findings += chain.findings
    for question in _QUESTIONS:
        report.findings += question(exhibit)


def _listed(it: _Exhibit) -> Iterator[str]:
    """Each entry is the one that the manifest lists, and there is no other."""
    there, listed = set(it.reader.entries) - {MANIFEST, SEAL}, it.manifest.files
    for name in sorted(there - set(listed)):
        yield f"{name}: the manifest does not list it; it was put in."
    for name, fact in listed.items():
        if name not in there:
            yield f"{name}: the manifest lists it, but it is not in the file."
        elif it.sha256(name) != fact.sha256:
            yield f"{name}: its bytes are not those that the manifest lists; it was changed."
    for name in it.manifest.missing:
        yield f"{name}: the office's storage did not have it when the file was made."


def _definitions(it: _Exhibit) -> Iterator[str]:
    known = {one.id for one in it.manifest.definitions}
    for process in it.manifest.processes:
        if process.definition_id not in known:
            yield f"process {process.id}: the version that it runs on is not in the file."
    for one in it.manifest.definitions:
        label = f"process {one.key} version {one.version}"
        wrong = [file for file in one.files if it.sha256(file.entry) != file.sha256]
        yield from (f"{label}: {file.name} is not as it was deployed." for file in wrong)
        if wrong:
            continue
        files = {file.name: it.reader.read(file.entry) for file in one.files}
        if one.file_name not in files or bundle_hash(files, one.pins) != one.bundle_sha:
            yield f"{label}: its files are not those of its deployment {one.bundle_sha}."


def _variables(it: _Exhibit) -> Iterator[str]:
    for process in it.manifest.processes:
        found = it.sha256(variables_entry(process.variables_sha256))
        if found is None and it.manifest.withheld:
            continue
        if found != process.variables_sha256:
            yield f"process {process.id}: its variables are not those that their hash stands for."


def _case_files(it: _Exhibit) -> Iterator[str]:
    """Each file that a form took is as it was, and the history names it so."""
    said = named_files(it.chain.events)
    for one in it.manifest.case_files or ():
        label = f"file {one.name or one.id!s:.100}"
        if (str(one.id), one.sha256) not in said:
            yield f"{label}: the history does not name it with this hash."
        if it.manifest.withheld:
            it.report.notes.append(f"{label}: not in this file, only its hash.")
        elif it.sha256(one.entry) != one.sha256:
            yield f"{label}: its bytes are not those that were handed in."
    there = {str(one.id) for one in it.manifest.case_files or ()}
    for lost in sorted({name for name, _ in said if name not in there}):
        it.report.notes.append(f"file {lost:.100}: the history names it, but it is not among"
                               " those of the case.")  # fmt: skip


def _documents(it: _Exhibit) -> Iterator[str]:
    for document in it.manifest.documents:
        if document.withheld:
            it.report.notes.append(
                f"letter {document.label}: secret; its words and files are not in this file,"
                " only their hashes."
            )
            continue
        for found in _contents(it, document):
            yield f"letter {document.label}, {found}"


def _contents(it: _Exhibit, document: Document) -> Iterator[str]:
    for version in document.versions:
        label = f"version {version.ordinal}"
        if it.sha256(version.words) != version.sha256:
            yield f"{label}: its words are not those that its hash {version.sha256} stands for."
        elif _enclosed(it.reader.read(version.words)) != [one.sha256 for one in version.enclosed]:
            yield f"{label}: its enclosures are not those that its hash stands for."
        if version.pdf_sha256 and it.sha256(pdf_entry(version.pdf_sha256)) != version.pdf_sha256:
            yield f"{label}: its drawn pages are not as they were kept."
        for one in version.enclosed:
            if it.sha256(one.entry) != one.sha256:
                yield f"{label}: the enclosed file {one.name!r:.80} is not as it was enclosed."


def _enclosed(words: bytes) -> list[str] | None:
    """The hashes of the enclosures, which stand beside the words."""
    try:
        _content, enclosures = jsonio.loads(words)
        return [one["sha256"] for one in enclosures]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _named(it: _Exhibit) -> Iterator[str]:
    """What history names is in the file, and what counts in the file is named by history."""
    if len(it.chain.events) == it.manifest.history.events:
        yield from unnamed(it.manifest, it.chain.events, it.report.notes)


def _signatures(it: _Exhibit) -> Iterator[str]:
    signed = [one for one in it.manifest.documents if one.signed is not None]
    for document in signed[:MOST_SIGNED]:
        if not document.withheld:
            yield from _judged(it, document)
    if len(signed) > MOST_SIGNED:
        yield f"Expected at most {MOST_SIGNED} signed letters in one case, but got {len(signed)}."


def _judged(it: _Exhibit, document: Document) -> Iterator[str]:
    sha256 = document.signed.sha256 if document.signed else None
    name = pdf_entry(sha256 or "0")
    if sha256 is None or it.sha256(name) != sha256:
        yield f"letter {document.label}: its signed PDF is not as it was kept."
        return
    pdf = it.reader.read(name)
    if document.lasting is not None:
        grown = _grown(it, document.lasting.sha256, pdf)
        if grown is None:
            yield (
                f"letter {document.label}: its archived PDF is not the signed one with more behind"
                " its bytes."
            )
        pdf = grown or pdf
    why = _wrong(it, document.label, pdf)
    if why:
        yield f"letter {document.label}: the signed PDF is {why}"


def _wrong(it: _Exhibit, label: str, pdf: bytes) -> str:
    """Our own check's verdict on a signed PDF, where it is not good."""
    verdict = verify_upload(pdf, it.trust, it.at, seconds=PATIENCE, max_bytes=LARGEST_ENTRY)
    it.report.verdicts.append((label, verdict))
    if verdict.good:
        return ""
    problems = [verdict.problem, *(one.problem for one in verdict.signatures)]
    return f"{verdict.verdict}. {' '.join(one for one in problems if one)}".rstrip()


def _copies(it: _Exhibit) -> Iterator[str]:
    """Each is as it was kept, and who certified one has signed it."""
    open_ = [one for one in it.manifest.documents if not one.withheld]
    all_ = [(document, copy) for document in open_ for copy in document.copies or ()]
    certified = 0
    for document, copy in all_:
        certified += copy.kind == CERTIFIED_COPY
        if certified > MOST_CERTIFIED:
            yield f"Expected at most {MOST_CERTIFIED} certified copies in one case, but got more."
            return
        label = f"{document.label}, {copy.label}"
        yield from (f"letter {label}: {found}" for found in _copy(it, label, copy))


def _copy(it: _Exhibit, label: str, copy: Copy) -> Iterator[str]:
    name = pdf_entry(copy.sha256)
    if it.sha256(name) != copy.sha256:
        yield "its PDF is not as it was kept."
        return
    pdf = it.reader.read(name)
    if copy.lasting is not None:
        grown = _grown(it, copy.lasting.sha256, pdf)
        if grown is None:
            yield "its archived PDF is not the certified one with more behind its bytes."
        pdf = grown or pdf
    why = _wrong(it, label, pdf) if copy.kind == CERTIFIED_COPY else ""
    if why:
        yield f"the certified PDF is {why}"


def _grown(it: _Exhibit, sha256: str, signed: bytes) -> bytes | None:
    """The lasting file, if it is as it was kept and begins with the signed one: its evidence still
    proves the signatures when their certificates have run out.
    """
    name = pdf_entry(sha256)
    found = it.reader.read(name) if it.sha256(name) == sha256 else b""
    return found if found.startswith(signed) else None


def _numbers(it: _Exhibit) -> Iterator[str]:
    """A signed letter's number stands in the book and in the journal, for this very file."""
    for document in it.manifest.documents:
        sealed = document.signed
        if sealed is None:
            continue
        for place, found in (
            ("book", [(n.text, n.sha256) for n in it.manifest.numbers
                      if n.document_id == document.id and n.state == "final"]),
            ("number journal", [(n.number, n.sha256) for n in it.manifest.journal
                                if n.document == document.id]),
        ):  # fmt: skip
            if (sealed.number, sealed.sha256) not in found:
                yield (
                    f"letter {document.label}: the {place} does not have its number for this"
                    " signed file."
                )


def _summary(it: _Exhibit) -> Iterator[str]:
    wanted = summarize(it.manifest, it.chain.events).encode()
    if not it.chain.findings and it.reader.read(SUMMARY) != wanted:
        yield f"{SUMMARY}: it does not say what the manifest and the history say."


_QUESTIONS: tuple[Callable[[_Exhibit], Iterator[str]], ...] = (
    _listed, _definitions, _variables, _case_files, _documents, _named, _signatures, _copies,
    _numbers, _summary,
)  # fmt: skip
