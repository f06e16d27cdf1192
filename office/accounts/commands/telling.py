"""A person is told when somebody, who may be themselves, changes how they sign in or sign."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bus import Context
from office.notices.commands import TellPerson
from office.people.queries import persons_named

#: what happened -> (Thai, English)
_SAID = {
    "linked": ("เชื่อมบัญชีกับ {what} แล้ว", "Your account was linked to {what}"),
    "factor_confirmed": (
        "เปิดการยืนยันตัวตนขั้นที่สองแล้ว",
        "A second factor was enrolled for your account",
    ),
    "factor_removed": (
        "ถอดการยืนยันตัวตนขั้นที่สองแล้ว",
        "The second factor of your account was removed",
    ),
    "passkey_enrolled": (
        "เพิ่มพาสคีย์ {what} แล้ว",
        "The passkey {what} was added to your account",
    ),
    "passkey_removed": (
        "ถอดพาสคีย์ {what} แล้ว",
        "The passkey {what} was removed from your account",
    ),
    "passkey_copied": (
        "ปฏิเสธพาสคีย์ {what} เพราะตัวนับถอยหลัง อาจมีผู้ทำสำเนากุญแจ ถอดแล้วตั้งใหม่",
        "The passkey {what} was refused: it counted backwards and may be a copy; remove it",
    ),
    "codes_renewed": (
        "ออกรหัสกู้คืนชุดใหม่แล้ว ชุดเดิมใช้ไม่ได้",
        "New recovery codes were made; the old ones open no more",
    ),
    "token_issued": (
        "ออกโทเค็นของ API “{what}” ในชื่อของท่านแล้ว",
        "An API token, “{what}”, was issued in your name",
    ),
    "token_revoked": (
        "ยกเลิกโทเค็นของ API {what} ของท่านแล้ว โปรแกรมที่ใช้โทเค็นนี้เข้าระบบไม่ได้อีก",
        "Your API token {what} was revoked; programs that use it get in no more",
    ),
    "key_enrolled": (
        "มีการนำกุญแจลงนามใหม่มาใช้ในนามของท่าน ใบรับรองเลขที่ {what} หากท่านไม่ได้ทำ ให้เพิกถอนทันที",
        "A new signing key, of certificate {what}, is used in your name; if that was not you,"
        " revoke it at once",
    ),
    "key_revoked": (
        "เพิกถอนกุญแจลงนามของท่านแล้ว ใบรับรองเลขที่ {what}",
        "Your signing key, of certificate {what}, was revoked",
    ),
    "key_retired": (
        "เลิกใช้กุญแจลงนามของท่านแล้ว ใบรับรองเลขที่ {what} ลงทะเบียนกุญแจใหม่ก่อนลงนามครั้งต่อไป",
        "Your signing key, of certificate {what}, was taken out of use; register a new one before"
        " you sign again",
    ),
    "unlinked": ("เลิกเชื่อมบัญชีกับ {what} แล้ว", "Your account was unlinked from {what}"),
}


#: of many names the first are told
_NAMES_TOLD = 3


def tell_of_tokens(ctx: Context, username: str, names: Sequence[str]) -> None:
    """That these were revoked, by whomever: in one notice."""
    if names:
        told = ", ".join(f"“{name}”" for name in names[:_NAMES_TOLD])
        more = f" +{len(names) - _NAMES_TOLD}" if len(names) > _NAMES_TOLD else ""
        tell_of(ctx, username, "token_revoked", told + more, where="/account#tokens")


def tell_of(
    ctx: Context, username: str, happened: str, what: str = "", *, where: str = "/account"
) -> None:
    found = persons_named(ctx.db, ctx.actor.agency_id, [username]).get(username)
    english = found is not None and found.language == "en"
    text = _SAID[happened][1 if english else 0].format(what=what)
    ctx.run(TellPerson(username, "security", text, where=where))
