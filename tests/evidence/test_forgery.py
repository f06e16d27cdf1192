"""Whatever is changed in an evidence file, the examiner notices, and says where."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.evidence import entries_of, forged, history_of, packed, written

from api.evidence.manifest import (
    HISTORY,
    MANIFEST,
    SEAL,
    SUMMARY,
    decode,
    decode_event,
    hashed,
)
from api.evidence.naming import unnamed
from engine.models.history import genesis, link

Judge = Callable[..., Any]
Change = Callable[[dict[str, bytes], dict[str, Any]], None]
KINDS = ("definitions/", "documents/", HISTORY, MANIFEST, SEAL, SUMMARY, "variables/")


def flipped(data: bytes, at: int, bit: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]


def test_an_untouched_file_holds(proof: bytes, judge: Judge) -> None:
    report = judge(proof)
    assert (report.findings, report.notes) == ([], [])
    ((label, verdict),) = report.verdicts
    assert (label, verdict.verdict) == (report.manifest.documents[0].number, "valid")
    entries = entries_of(proof)
    assert all(any(name.startswith(kind) for name in entries) for kind in KINDS)
    assert packed(entries) == proof
    assert "ตย ๐๒๐๑/๑" in entries[SUMMARY].decode()


@pytest.mark.parametrize("part", KINDS)
def test_a_changed_byte_of_any_entry_is_noticed(proof: bytes, judge: Judge, part: str) -> None:
    """The container is made anew around it: only what the manifest lists can tell."""
    entries = entries_of(proof)
    for name in (one for one in entries if one.startswith(part)):
        for at in {0, len(entries[name]) - 1}:
            changed = {**entries, name: flipped(entries[name], at)}
            assert judge(packed(changed)).findings, (name, at)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_changed_bit_anywhere_in_an_entry_is_noticed(
    proof: bytes, judge: Judge, data: st.DataObject
) -> None:
    entries = entries_of(proof)
    name = data.draw(st.sampled_from(sorted(entries)))
    at = data.draw(st.integers(0, len(entries[name]) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = {**entries, name: flipped(entries[name], at, bit)}
    assert judge(packed(changed)).findings


def test_a_changed_byte_between_the_entries_is_noticed_too(proof: bytes, judge: Judge) -> None:
    """Headers, the list at the end, and a sample of all bytes between."""
    heads = [at for at in range(len(proof)) if proof[at : at + 4] in (b"PK\3\4", b"PK\1\2")]
    tail = range(proof.index(b"PK\1\2"), len(proof))
    places = {*tail, *range(0, len(proof), 499), *(h + n for h in heads[:3] for n in range(30))}
    for at in sorted(places):
        assert judge(flipped(proof, at, at % 8)).findings, at


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_or_grew_is_noticed(proof: bytes, judge: Judge, share: float) -> None:
    cut = int(len(proof) * share)
    for damaged in (proof[:cut], proof[:-1], proof + b"\0", b"\0" + proof, proof[:cut] * 2):
        assert judge(damaged).findings


def _drop(at: int) -> Change:
    def change(entries: dict[str, bytes], told: dict[str, Any]) -> None:
        events = history_of(entries)
        del events[at]
        entries[HISTORY] = written(events)
        told["history"]["events"] = len(events)

    return change


def _swap(entries: dict[str, bytes], _told: dict[str, Any]) -> None:
    events = history_of(entries)
    events[9], events[10] = events[10], events[9]
    entries[HISTORY] = written(events)


def _reword(entries: dict[str, bytes], _told: dict[str, Any]) -> None:
    events = history_of(entries)
    events[20]["actor"] = "nobody"
    entries[HISTORY] = written(events)


def _another_head(_entries: dict[str, bytes], told: dict[str, Any]) -> None:
    told["history"]["head"] = "0" * 64


def _another_case(_entries: dict[str, bytes], told: dict[str, Any]) -> None:
    told["agency"]["id"] = "00000000-0000-0000-0000-000000000001"


def _foreign_process(_entries: dict[str, bytes], told: dict[str, Any]) -> None:
    told["processes"][0]["definition_id"] = told["root"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_drop(0), "line 1: expected event 1, but it is event 2"),
        (_drop(30), "line 31: expected event 31, but it is event 32"),
        (_drop(-1), "the last event is not the head"),
        (_swap, "line 10: expected event 10, but it is event 11"),
        (_reword, "line 21: event 21 is not as it was written"),
        (_another_head, "the last event is not the head"),
        (_another_case, "line 1: event 1 is not as it was written"),
        (_foreign_process, "the version that it runs on is not in the file"),
    ],
)
def test_a_history_that_was_tampered_with_is_located(
    proof: bytes, judge: Judge, change: Change, says: str
) -> None:
    assert any(says in one for one in judge(forged(proof, change)).findings)


def _entry(told: Mapping[str, Any], which: str) -> str:
    letter = told["documents"][0]
    return {
        "words": f"documents/{letter['versions'][0]['sha256']}.json",
        "pages": f"documents/{letter['versions'][0]['pdf_sha256']}.pdf",
        "enclosed": f"documents/{letter['versions'][0]['enclosed'][0]['sha256']}.bin",
        "signed": f"documents/{letter['signatures'][0]['sha256']}.pdf",
        "archived": f"documents/{letter['lasting']['sha256']}.pdf",
        "diagram": f"definitions/{told['definitions'][0]['files'][-1]['sha256']}.bpmn",
        "variables": f"variables/{told['processes'][0]['variables_sha256']}.json",
    }[which]


@pytest.mark.parametrize(
    ("which", "says"),
    [
        ("words", "version 1: its words are not"),
        ("pages", "version 1: its drawn pages"),
        ("enclosed", "the enclosed file 'รายชื่อ'"),
        ("signed", "its signed PDF is not as it was kept"),
        ("archived", "its archived PDF is not the signed one"),
        ("diagram", "official-letter.bpmn is not as it was deployed"),
        ("variables", "its variables are not"),
    ],
)
def test_contents_are_what_their_names_say(
    proof: bytes, judge: Judge, which: str, says: str
) -> None:
    """Even where manifest and seal were made to fit."""

    def change(entries: dict[str, bytes], told: dict[str, Any]) -> None:
        entries[_entry(told, which)] += b" "

    def leave_out(entries: dict[str, bytes], told: dict[str, Any]) -> None:
        del entries[_entry(told, which)]

    for forgery in (change, leave_out):
        assert any(says in one for one in judge(forged(proof, forgery)).findings), forgery


def _other_words(entries: dict[str, bytes], told: dict[str, Any]) -> None:
    """Another text, with every hash of it made to fit: only the history knows."""
    old = told["documents"][0]["versions"][0]["sha256"]
    words = entries.pop(f"documents/{old}.json").replace(b"e-Office", b"f-Office")
    new = hashlib.sha256(words).hexdigest()
    entries[f"documents/{new}.json"] = words
    told["documents"] = json.loads(json.dumps(told["documents"]).replace(old, new))


def _other_file(entries: dict[str, bytes], told: dict[str, Any]) -> None:
    """The drawn draft in place of the signed file."""
    letter = told["documents"][0]
    signed, drawn = letter["signatures"][0]["sha256"], letter["versions"][0]["pdf_sha256"]
    del entries[f"documents/{signed}.pdf"]
    for part in ("documents", "numbers", "journal"):
        told[part] = json.loads(json.dumps(told[part]).replace(signed, drawn))


def _other_archived(entries: dict[str, bytes], told: dict[str, Any]) -> None:
    """Something behind the archived file, with its hash made to fit."""
    letter = told["documents"][0]
    grown = entries.pop(f"documents/{letter['lasting']['sha256']}.pdf") + b"%"
    letter["lasting"]["sha256"] = new = hashlib.sha256(grown).hexdigest()
    entries[f"documents/{new}.pdf"] = grown


def _no_letter(_entries: dict[str, bytes], told: dict[str, Any]) -> None:
    told["documents"] = []


def _other_version(_entries: dict[str, bytes], told: dict[str, Any]) -> None:
    told["documents"][0]["endorsements"][2]["version_sha256"] = "1" * 64


def _other_number(_entries: dict[str, bytes], told: dict[str, Any]) -> None:
    told["documents"][0]["signatures"][0]["number"] = "ตย 0201/2"


def _no_journal(_entries: dict[str, bytes], told: dict[str, Any]) -> None:
    told["journal"] = []


def _other_page(entries: dict[str, bytes], _told: dict[str, Any]) -> None:
    entries[SUMMARY] = entries[SUMMARY].replace(b"somying", b"somchai")


def _stray(entries: dict[str, bytes], _told: dict[str, Any]) -> None:
    entries["documents/more.pdf"] = b"%PDF-1.7"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_other_words, "it names words"),
        (_other_words, "the history does not name the words that were signed"),
        (_other_file, "it names a signed PDF"),
        (_other_file, "the signed PDF is unsigned"),
        (_other_archived, "the history does not name its archived PDF"),
        (_no_letter, "which is not in the file"),
        (_other_version, "endorsement 3: the history does not name"),
        (_other_number, "the book does not have its number"),
        (_no_journal, "the number journal does not have its number"),
        (_other_page, "summary.txt: it does not say"),
    ],
)
def test_documents_are_those_that_the_history_names(
    proof: bytes, judge: Judge, change: Change, says: str
) -> None:
    assert any(says in one for one in judge(forged(proof, change)).findings)


def test_a_case_from_before_history_named_hashes_is_told_apart(proof: bytes, judge: Judge) -> None:
    manifest, entries = judge(proof).manifest, entries_of(proof)
    events = [decode_event(n, one) for n, one in enumerate(entries[HISTORY].splitlines(), 1)]
    older = [event for event in events if not event.type.startswith("document.")]
    notes: list[str] = []
    assert list(unnamed(manifest, older, notes)) == []
    assert "the history names no hash" in notes[0]


def test_an_entry_that_was_put_in_is_noticed(proof: bytes, judge: Judge) -> None:
    entries = entries_of(proof)
    _stray(entries, {})
    assert judge(packed(entries)).findings == [
        "documents/more.pdf: the manifest does not list it; it was put in."
    ]


def test_a_signature_counts_only_for_whom_one_trusts(proof: bytes, judge: Judge) -> None:
    report = judge(proof, trust=())
    assert [word.verdict for _, word in report.verdicts] == ["untrusted"]
    assert any("trusted" in one for one in report.findings)


def test_a_case_made_up_from_end_to_end_has_another_seal(proof: bytes, judge: Judge) -> None:
    """Whoever can compute hashes can make up a whole chain: the noted seal tells them apart."""

    def change(entries: dict[str, bytes], told: dict[str, Any]) -> None:
        events = history_of(entries)
        events[5]["at"] = "2026-11-24T02:00:00Z"
        manifest = decode(entries[MANIFEST])
        before = genesis(manifest.agency.id, manifest.root)
        for number, event in enumerate(events, 1):
            line = written([event])
            before = link(before, hashed(decode_event(number, line)))
            event["hash"] = before.hex()
        entries[HISTORY] = written(events)
        told["history"]["head"] = before.hex()
        entries[SUMMARY] = b""

    seal = judge(proof).seal
    assert judge(proof, seal=seal.upper()).holds
    made_up = forged(proof, change)
    assert [one.split(":")[0] for one in judge(made_up).findings] == [SUMMARY]
    assert "the file is sealed" in judge(made_up, seal=seal).findings[-1]
