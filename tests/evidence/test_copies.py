"""A case's evidence holds the copies that were made of its letters, and proves them offline too."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support import database
from support.evidence import entries_of, forged, made_of
from support.ministry import furnish, make_ministry
from support.planted import MONDAY

from api.evidence import examine
from api.evidence.manifest import MANIFEST, SUMMARY
from engine.clock import SteppedClock
from engine.ids import new_id
from office.correspondence import stamping
from office.correspondence.queries import receipts
from office.documents.certifying_act import Wish, certify
from office.documents.proving import Authorization
from office.documents.slipping import make_slip
from signing.authority import Authority
from signing.preview import page_text

Judge = Callable[..., Any]
Told = dict[str, Any]


@pytest.fixture(scope="session")
def copied(
    planted_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, authority: Authority
) -> bytes:
    """A letter of one unit to another, received and stamped; a certified copy that is archived, and
    one that is not yet; slips of what was said, from before it was signed and after.
    """
    home = tmp_path_factory.mktemp("copied")
    with database.sqlite_clone(planted_sqlite, home / "saraban.db") as made:
        office = make_ministry(made, SteppedClock(MONDAY), home, authority)
        furnish(office, authority, "tuayang")
        lines = {"position_lines": ["ปลัดกระทรวงตัวอย่าง"], "owner_unit": None}
        letter = office.letter("S01", **lines, to="กลุ่มคลังและพัสดุ")
        letter.on_the_signers_desk()
        made_slip = partial(make_slip, office.bus, office.actor("thotsop"), office.desk, letter.id)
        made_slip(new_id())
        letter.signed()
        made_slip(new_id())

        def certified() -> None:
            proof = Authorization("pin", office.pins["tuayang"])
            wish = Wish(letter.id, proof)
            certify(office.bus, office.actor("tuayang"), office.desk, wish, new_id())

        certified()
        office.work_off()
        certified()
        (line,) = office.query(receipts, letter.id, by="khlang")
        stamping.stamp(office.bus, office.actor("khlang"), office.desk, UUID(line.id), new_id())
        return made_of(office, letter.instance_id)[0]


def copies_of(data: bytes) -> list[Told]:
    found: list[Told] = json.loads(entries_of(data)[MANIFEST])["documents"][0]["copies"]
    return found


def test_it_holds_them_and_each_verifies(copied: bytes, judge: Judge) -> None:
    told = copies_of(copied)
    assert sorted(one["kind"] for one in told) == [
        "certified",
        "certified",
        "slip",
        "slip",
        "stamped",
    ]
    certified = [one for one in told if one["kind"] == "certified"]
    assert [(one["ordinal"], one["level"]) for one in certified] == [(1, "B-T"), (2, "B-T")]
    assert [one["name"] for one in certified] == ["นางตัวอย่าง ตรวจครบ"] * 2
    first, second = certified
    assert (first["lasting"]["level"], second["lasting"]) == ("B-LTA", None)
    files = entries_of(copied)
    grown, as_certified = (
        files[f"documents/{sha256}.pdf"] for sha256 in (first["lasting"]["sha256"], first["sha256"])
    )
    assert grown.startswith(as_certified)
    assert len(grown) > len(as_certified)
    report = judge(copied)
    assert (report.findings, report.notes) == ([], [])
    number = report.manifest.documents[0].number
    levels = {label: verdict.signatures[-1].level for label, verdict in report.verdicts}
    assert levels[f"{number}, certified copy 1"] == "B-LTA"
    assert levels[f"{number}, certified copy 2"] == "B-T"
    summary = files[SUMMARY].decode()
    assert "สำเนาถูกต้อง / Certified copy 1" in summary
    assert "ใบเกษียน / Slip of endorsements 2" in summary


def test_a_slip_may_be_of_before_there_was_a_signed_file(copied: bytes, judge: Judge) -> None:
    early, late = (one for one in copies_of(copied) if one["kind"] == "slip")
    files = entries_of(copied)
    assert early["of_sha256"] is None
    assert f"documents/{late['of_sha256']}.pdf" in files
    for one in (early, late):
        assert "จบใบเกษียน" in page_text(files[f"documents/{one['sha256']}.pdf"])


def test_no_copy_is_of_before(copied: bytes, judge: Judge) -> None:
    """Nor when whoever forges it makes the history say so."""

    def forge(entries: dict[str, bytes], told: Told) -> None:
        one = next(each for each in told["documents"][0]["copies"] if each["kind"] == "stamped")
        one["of_sha256"] = None

    found = judge(forged(copied, forge)).findings
    assert any(
        "stamped copy 1: it was made of a file that the letter never was" in f for f in found
    )


def test_the_archived_one_outlives_the_certificates(
    copied: bytes, tmp_path: Path, authority: Authority
) -> None:
    (tmp_path / "case.zip").write_bytes(copied)
    report = examine(tmp_path / "case.zip", authority.anchors, MONDAY + timedelta(days=4000))
    verdicts = {label.rpartition(", ")[2]: verdict for label, verdict in report.verdicts}
    archived = verdicts["certified copy 1"]
    assert archived.good
    assert [one.level for one in archived.signatures] == ["B-LTA"]


def _first(told: Told) -> Told:
    """The first that was certified."""
    copies: list[Told] = told["documents"][0]["copies"]
    return next(one for one in copies if one["kind"] == "certified")


def _left_out(entries: dict[str, bytes], told: Told) -> None:
    told["documents"][0]["copies"].remove(_first(told))


def _another_file(entries: dict[str, bytes], told: Told) -> None:
    _first(told)["of_sha256"] = "0" * 64


def _unknown(entries: dict[str, bytes], told: Told) -> None:
    told["documents"][0]["copies"].append({**_first(told), "ordinal": 9})


def _spoiled(entries: dict[str, bytes], told: Told) -> None:
    name = f"documents/{_first(told)['sha256']}.pdf"
    entries[name] = entries[name][:-1] + b"!"


def _spoiled_archive(entries: dict[str, bytes], told: Told) -> None:
    name = f"documents/{_first(told)['lasting']['sha256']}.pdf"
    entries[name] = b"!" + entries[name][1:]


def _other_archive(entries: dict[str, bytes], told: Told) -> None:
    letter = told["documents"][0]
    _first(told)["lasting"] = letter["lasting"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_left_out, "it names a certified copy"),
        (_another_file, "certified copy 1: it was made of a file that the letter never was"),
        (_unknown, "certified copy 9: the history does not name it"),
        (_spoiled, "certified copy 1: its PDF is not as it was kept"),
        (_spoiled_archive, "its archived PDF is not the certified one with more behind"),
        (_other_archive, "certified copy 1: the history does not name its archived PDF"),
    ],
)
def test_what_was_changed_about_them_is_located(
    copied: bytes, judge: Judge, change: Callable[[dict[str, bytes], Told], None], says: str
) -> None:
    assert any(says in one for one in judge(forged(copied, change)).findings)


def test_a_copy_signed_by_nobody_whom_one_trusts_is_found(copied: bytes, judge: Judge) -> None:
    found = judge(copied, trust=[]).findings
    assert any("certified copy 1: the certified PDF is" in one for one in found)


def test_of_a_file_from_before_copies_were_taken_along_it_is_told(
    copied: bytes, judge: Judge
) -> None:
    def without(entries: dict[str, bytes], told: Told) -> None:
        del told["documents"][0]["copies"]

    report = judge(forged(copied, without))
    assert any("before copies were taken along" in one for one in report.notes)
    assert not any("copy" in one for one in report.findings)
