"""The rights that roles grant, and the one question every command asks about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.actor import READ_ONLY, STEWARD, Actor
from engine.errors import Forbidden

EVERYTHING = "everything"

#: right -> (Thai, English). "everything" includes all of them, those of other rooms too, but for
#: "read_only", which grants nothing, and "agencies", which is over the installation.
RIGHTS: Mapping[str, tuple[str, str]] = {
    EVERYTHING: ("ทุกสิทธิ", "Everything"),
    "people": ("ดูแลคน ตำแหน่ง และคำสั่งรักษาการ", "Keep people, positions and instruments"),
    "accounts": ("ดูแลบัญชีผู้ใช้", "Keep accounts"),
    "calendar": ("ดูแลปฏิทินวันทำการ", "Keep the working calendar"),
    "connectors": ("ดูแลการเชื่อมต่อระบบอื่น", "Keep connectors to other systems"),
    "deploy": ("เผยแพร่ผังกระบวนการ", "Deploy processes"),
    "operate": ("ดูแลเรื่องที่เดินอยู่และเหตุขัดข้อง", "Operate instances and incidents"),
    "reassign": ("มอบหมายงานใหม่", "Reassign tasks"),
    "audit": ("ตรวจประวัติและลูกโซ่", "Audit history"),
    "read_only": ("อ่านอย่างเดียว ไม่เปลี่ยนแปลงสิ่งใด", "Read only: takes every change away"),
    "certify": (
        "รับรองสำเนาถูกต้อง (ระดับปฏิบัติการหรือชำนาญงานขึ้นไป)",
        "Certify copies (officers of the level that the regulation wants)",
    ),
    "registry": ("ดูแลทะเบียนและเล่ม", "Keep registers and books"),
    "retention": ("กำหนดการเก็บเรื่องที่จบแล้วเข้าคลัง", "Keep the archive of ended cases"),
    "see_all": ("เห็นทุกเรื่อง", "See every case"),
    STEWARD: (
        "ตั้งหน่วยงานใหม่ในระบบ (ผู้ติดตั้งระบบเป็นผู้ให้)",
        "Found agencies of the installation (given by whoever runs it)",
    ),
}


def holds_post(actor: Actor) -> bool:
    """A post of their own, or another's by an order that is in force."""
    return any(held.startswith(("position:", "unit:")) for held in actor.principals)


def beyond(actor: Actor, theirs: Iterable[str]) -> list[str]:
    """Which of somebody's rights the actor does not hold, in order; one only takes away."""
    return sorted(right for right in {*theirs} - {READ_ONLY} if not actor.may(right))


def demand(actor: Actor, right: str) -> None:
    """Let the actor pass, or say which right is missing."""
    if not (actor.is_system or actor.may(right)):
        raise Forbidden(
            f"Expected the right {right!r}, but {actor.username} does not hold it;"
            " ask an administrator of the agency for a role that grants it."
        )
