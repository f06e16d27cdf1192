"""Verification of an uploaded PDF: five answers apart, for everyone, nothing kept."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from api import trust
from api.pages import sessions
from api.pages.desk import db, now, system
from api.pages.i18n import gettext as _
from api.pages.site import for_everyone, site, takes
from api.pages.view import stamp
from api.verifying import verified
from office.accounts.commands import AdmitVerification
from office.accounts.sign_in import NOBODY
from office.documents.trust import trusted
from signing.verify import SignatureVerdict, Verdict

MOST = 50 << 20


@site.get("/verify")
@for_everyone
def verify_page() -> ResponseReturnValue:
    return _page()


@site.post("/verify")
@for_everyone
@takes(MOST + (1 << 20))
def verify_file() -> ResponseReturnValue:
    if g.get("actor") is None:  # before a byte of the file is read
        system().bus.execute(AdmitVerification(sessions.origin().ip), NOBODY)
    upload = request.files.get("file")
    data = upload.stream.read(MOST + 1) if upload else b""
    if upload is None or not data:
        return _page(problem=_("เลือกไฟล์ PDF ที่จะตรวจ")), 422
    verdict = verified(system(), data, _trust(), now(), MOST)
    return _page(verdict=verdict, file_name=upload.filename or "", sha256=sha256(data).hexdigest())


def _trust() -> tuple[bytes, ...]:
    """Whoever is signed in trusts whom their agency trusts; anybody, whom the installation does."""
    installed = trust.anchors(system().settings)
    asks = g.get("actor")
    return trusted(db(), asks.agency_id, installed) if asks is not None else installed


def _page(verdict: Verdict | None = None, problem: str | None = None, **more: Any) -> str:
    return render_template(
        "verify.html",
        layout="app.html" if g.get("actor") is not None else "public.html",
        verdict=verdict,
        answers=_answers(verdict) if verdict else {},
        headline=_headline(verdict) if verdict else "",
        sentence=_sentence(verdict) if verdict else "",
        problem=problem,
        **more,
    )


def _answers(verdict: Verdict) -> dict[str, bool]:
    """Each question over all signatures: yes only if every one says so."""
    found = verdict.signatures
    return {
        "intact": all(one.intact for one in found),
        "valid": all(one.valid for one in found),
        "trusted": all(one.trusted for one in found),
        "modified": any(one.modified for one in found),
        "stamped": all(one.time_source == "timestamp" for one in found),
    }


def _headline(verdict: Verdict) -> str:
    return {
        "valid": _("เอกสารนี้เชื่อถือได้"),
        "unsigned": _("ไฟล์นี้ไม่มีลายมือชื่อดิจิทัล"),
        "unreadable": _("อ่านไฟล์นี้ไม่ได้"),
        "withdrawn": _("เอกสารนี้ถูกยกเลิกแล้ว"),
        "unissued": _("เอกสารนี้ยังไม่ได้ออก"),
    }.get(verdict.verdict, _("อย่าเพิ่งเชื่อเอกสารนี้"))


def _sentence(verdict: Verdict) -> str:
    if verdict.verdict == "invalid" and any(map(_revoked_before, verdict.signatures)):
        return _("ใบรับรองของผู้ลงนามถูกเพิกถอนก่อนเวลาที่พิสูจน์ได้ว่าลงนาม ขอให้สอบถามหน่วยงานที่ออก")
    if verdict.verdict == "withdrawn" and verdict.replaced_by:
        return _(
            "ลงนามจริง แต่หน่วยงานที่ออกยกเลิกแล้วเมื่อ %(when)s และใช้หนังสือเลขที่ %(number)s แทน",
            when=stamp(verdict.withdrawn_at),
            number=verdict.replaced_by,
        )
    if verdict.verdict == "withdrawn":
        return _(
            "ลงนามจริง แต่หน่วยงานที่ออกยกเลิกแล้วเมื่อ %(when)s ไม่มีผลใช้ต่อไป",
            when=stamp(verdict.withdrawn_at),
        )
    return {
        "valid": _("ลายมือชื่อทุกลายมือชื่อครบถ้วน ถูกต้อง เชื่อถือได้ และไม่มีการแก้ไขหลังลงนาม"),
        "untrusted": _("ลายมือชื่อถูกต้อง แต่ไม่รู้จักผู้ออกใบรับรองของผู้ลงนาม"),
        "modified": _("ไฟล์ถูกแก้ไขหลังจากลงนาม ขอให้ใช้ฉบับจริงจากหน่วยงานที่ออก"),
        "invalid": _("ลายมือชื่อไม่ตรงกับเนื้อความในไฟล์"),
        "unsigned": _("ไฟล์อาจเป็นสำเนาหรือร่าง ขอฉบับที่ลงนามจากหน่วยงานที่ออก"),
        "unissued": _("ลงนามจริง แต่หน่วยงานยังไม่ได้ออกเอกสารตามไฟล์นี้ ขอให้ใช้ฉบับที่ออกแล้ว"),
        "unreadable": _("ไฟล์เสียหาย มีรหัสผ่าน หรือไม่ใช่ PDF ลองดาวน์โหลดใหม่"),
    }[verdict.verdict]


def _revoked_before(one: SignatureVerdict) -> bool:
    """Not that its words were changed: nobody can tell whose hand it was."""
    return one.intact and not one.valid and one.revoked is not None
