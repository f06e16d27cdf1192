"""The page for people, in Thai and English: made of the manifest and the history alone.

Because nothing else goes into it, whoever examines the file makes it again and compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from api.evidence.manifest import Copy, Document, Event, Manifest, Signature
from office.documents.thai import BANGKOK

_STATUS: Mapping[str, str] = {
    "active": "กำลังดำเนินการ / under way",
    "incident": "ติดขัด / stuck",
    "completed": "เสร็จสิ้น / completed",
    "cancelled": "ยุติ / cancelled",
}
_EVENTS: Mapping[str, str] = {
    "instance.started": "เริ่มเรื่อง / started",
    "instance.completed": "เรื่องเสร็จสิ้น / completed",
    "instance.cancelled": "ยกเลิกเรื่อง / cancelled",
    "instance.migrated": "ย้ายไปกระบวนการอีกรุ่น / migrated",
    "instance.migration_undone": "ย้ายกลับรุ่นเดิม / migration undone",
    "task.created": "ส่งงาน / task created",
    "task.claimed": "รับงาน / claimed",
    "task.unclaimed": "คืนงาน / given back",
    "task.opened": "เปิดอ่าน / opened",
    "task.completed": "ทำงานเสร็จ / completed",
    "task.returned": "ส่งคืนแก้ไข / returned",
    "task.delegated": "มอบหมายต่อ / delegated",
    "task.reassigned": "มอบหมายใหม่ / reassigned",
    "list.changed": "เปลี่ยนผู้ร่วมพิจารณา / list changed",
    "task.commented": "ให้ความเห็น / commented",
    "task.cancelled": "ยกเลิกงาน / task cancelled",
    "task.skipped": "ผ่านขั้นเอง / skipped",
    "task.reminded": "เตือน / reminded",
    "task.escalated": "ยกระดับ / escalated",
    "document.endorsed": "ตรึงข้อความ / words frozen",
    "document.signed": "ลงนาม / signed",
    "document.revoked": "ยกเลิกหนังสือ / revoked",
    "document.replaced": "ระบุหนังสือที่ใช้แทน / replacement named",
    "document.sealed": "ประทับตราของหน่วยงาน / sealed by the agency",
    "document.copied": "ทำสำเนา / copied",
    "document.archived": "ประทับเวลาเก็บถาวร / archived",
    "incident.raised": "เกิดเหตุขัดข้อง / incident",
    "incident.resolved": "แก้เหตุขัดข้อง / resolved",
}
_QUIET = frozenset({"token.moved", "variable.set"})


def summarize(manifest: Manifest, events: Sequence[Event]) -> str:
    return "\n".join(
        (*_head(manifest), *_files(manifest), *_documents(manifest), *_history(events), *_foot())
    )


def _head(manifest: Manifest) -> Iterator[str]:
    case, agency = manifest.case, manifest.agency
    ran = ", ".join(
        f"{one_line(one.name)} ({one.key} {one.version})" for one in manifest.definitions
    )
    yield "หลักฐานของเรื่อง / Evidence of a case"
    yield ""
    yield f"หน่วยงาน / Agency: {one_line(agency.name)} {one_line(agency.name_en)}".rstrip()
    yield f"เรื่อง / Case: {one_line(case.title or '–')}"
    yield f"เลขที่เรื่อง / Id: {manifest.root}"
    yield f"รหัสอ้างอิง / Business key: {one_line(case.business_key or '–')}"
    yield f"กระบวนการ / Process: {ran}"
    yield f"สถานะ / Status: {_STATUS.get(case.status, one_line(case.status))}"
    yield f"เริ่ม / Started: {_when(case.started_at)} {one_line(case.starter or '–')}"
    yield f"สิ้นสุด / Ended: {_when(case.ended_at)}"
    yield f"เหตุการณ์ / Events: {manifest.history.events}"
    yield f"ลูกโซ่ / Head of the chain: {manifest.history.head}"
    if manifest.missing:
        yield f"ไม่พบไฟล์ในคลัง / Missing from storage: {', '.join(manifest.missing)}"


def _files(manifest: Manifest) -> Iterator[str]:
    for one in manifest.case_files or ():
        name, by = one_line(one.name or "–"), one_line(one.added_by)
        yield f"ไฟล์ของเรื่อง / File: {name} [{one_line(one.field)}] {one.size} {by} {one.sha256}"


def _documents(manifest: Manifest) -> Iterator[str]:
    for one in manifest.documents:
        yield ""
        yield f"หนังสือ / Document: {one_line(one.number or '–')}"
        if one.withheld:
            yield "  เนื้อหาลับ ไม่อยู่ในไฟล์นี้ / Secret: its words are withheld from this file"
        else:
            yield f"  เรื่อง / Subject: {one_line(one.subject or '–')}"
        yield from _said(one)
        yield from (_attempt(signature) for signature in one.signatures)
        if one.lasting is not None:
            last = one.lasting
            yield f"  ฉบับเก็บถาวร / Lasting: {_when(last.stamped_at)} {last.level} {last.sha256}"
        yield from (_copy(copy) for copy in one.copies or ())
    for number in manifest.numbers:
        yield f"  เลขในเล่ม / Number: {one_line(number.text)} {number.dated} {number.state}"
    for line in manifest.journal:
        yield f"  สมุดเลข / Number journal: {one_line(line.number)} {line.dated} {line.sha256}"


def _said(document: Document) -> Iterator[str]:
    for version in document.versions:
        by = one_line(version.frozen_by)
        yield f"  ฉบับที่ / Version {version.ordinal}: {version.sha256} ({by})"
    for one in document.endorsements:
        void = " [สิ้นผล / lapsed]" if one.lapsed_at is not None else ""
        who = one_line(" ".join([one.name, *(one.position_lines or ())]))
        outcome = one_line(one.outcome_name or one.outcome or "")
        words = one_line(one.text or "")
        yield f"  {_when(one.at)} {who}: {one_line(one.level)} {outcome}{void} {words}".rstrip()


def _attempt(one: Signature) -> str:
    if one.state != "signed":
        return f"  ลงนาม / Signing: {one_line(one.name)} {one.state}"
    return f"  ลงนาม / Signed: {_when(one.signed_at)} {one_line(one.name)} {one.level} {one.sha256}"


_COPIES: Mapping[str, str] = {
    "stamped": "ฉบับประทับตรารับ / With the receiving stamp",
    "certified": "สำเนาถูกต้อง / Certified copy",
    "slip": "ใบเกษียน / Slip of endorsements",
}


def _copy(one: Copy) -> str:
    what = _COPIES.get(one.kind, one_line(one.kind))
    newest = one.lasting or one
    by, level = one_line(one.name or one.made_by), one_line(newest.level or "–")
    return f"  {what} {one.ordinal}: {_when(one.made_at)} {by} {level} {newest.sha256}"


def _history(events: Sequence[Event]) -> Iterator[str]:
    yield ""
    yield "ประวัติ / History"
    for event in events:
        if event.type in _QUIET:
            continue
        behalf = f" (แทน / for {one_line(event.on_behalf_of)})" if event.on_behalf_of else ""
        what = _EVENTS.get(event.type, one_line(event.type))
        where = f" [{one_line(event.element_id)}]" if event.element_id else ""
        yield f"  {event.seq:>5}  {_when(event.at)}  {one_line(event.actor)}{behalf}  {what}{where}"


def _foot() -> Iterator[str]:
    yield ""
    yield "เวลาทั้งหมดเป็นเวลาไทย / All times are Bangkok time (UTC+7)."
    yield "ตรวจได้โดยไม่ต้องต่อเครือข่าย / Verify offline: saraban evidence verify FILE --trust ROOT"
    yield ""


def _when(moment: datetime | None) -> str:
    if moment is None:
        return "–"
    try:
        return f"{moment.astimezone(BANGKOK):%Y-%m-%d %H:%M:%S}"
    except OverflowError:  # the ends of time: of a stranger's file
        return moment.isoformat()


def one_line(text: str) -> str:
    """People's words on one line: none of them can pose as a line of ours."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
