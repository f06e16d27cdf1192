"""A case's chained history names what was endorsed and what was signed, by hash."""

from __future__ import annotations

from typing import Any

from support.ministry import Letter, Ministry

from engine import jsonio
from engine.models.history import history_event
from engine.queries.audit import findings
from office.documents.models import document_version
from office.documents.rules import ENDORSED, ISSUED
from office.files.models import blob


def _told(letter: Letter, kind: str) -> list[tuple[Any, dict[str, Any]]]:
    mine = history_event.c.root_id == letter.instance_id
    rows = letter.ministry.rows(history_event, mine, history_event.c.type == kind)
    found = [(row, jsonio.loads(row.data)) for row in sorted(rows, key=lambda row: row.seq)]
    assert all(data["document_id"] == str(letter.id) for _, data in found)
    return found


def test_each_endorsement_and_the_signature_stand_in_the_chain(either_ministry: Ministry) -> None:
    letter = either_ministry.letter().on_the_signers_desk().signed()
    versions = {
        row.ordinal: row.sha256
        for row in either_ministry.rows(
            document_version, document_version.c.document_id == letter.id
        )
    }
    endorsed = _told(letter, ENDORSED)
    assert [(row.task_id, data["sha256"]) for row, data in endorsed] == [
        (said.task_id, said.version_sha256) for said in letter.said
    ]
    assert all(versions[data["version"]] == data["sha256"] for _, data in endorsed)
    ((event, data),) = _told(letter, ISSUED)
    signed = either_ministry.rows(blob, blob.c.id == letter.signatures[0].blob_id)[0]
    assert data["sha256"] == signed.sha256
    assert data["number"] == letter.signatures[0].number
    assert data["version_sha256"] in versions.values()
    assert event.actor == "somying"
    with either_ministry.bus.engine.connect() as db:
        assert not list(findings(db))


def test_a_return_is_named_too(ministry: Ministry) -> None:
    letter = ministry.letter().submitted()
    letter.at("proofread").send_back("draft")
    letter.submitted()
    assert len(_told(letter, ENDORSED)) == len(letter.said) == 3
    with ministry.bus.engine.connect() as db:
        assert not list(findings(db))
