"""The page behind the code on a signed letter: the verdict in plain words, for everyone."""

from __future__ import annotations

import segno
from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from api import public
from api.comparing import ALIKE, Likeness
from api.pages import sessions
from api.pages.desk import now, system
from api.pages.i18n import gettext as _
from api.pages.site import for_everyone, site, takes
from api.pages.verify import MOST
from api.public import Verified
from engine.errors import NotFound
from office.documents.codes import grouped, normal


@site.get("/v")
@for_everyone
def code_page() -> ResponseReturnValue:
    typed = request.args.get("code", "")
    if not typed:
        return _asking()
    code = normal(typed)
    return redirect(f"/v/{code}", 303) if code else _unknown(typed)


@site.get("/v/<code>")
@for_everyone
def code_verdict(code: str) -> ResponseReturnValue:
    try:
        found = public.look_up(system(), code, sessions.origin().ip, now())
    except NotFound:
        return _unknown(code)
    return _shown(found)


@site.post("/v/<code>")
@for_everyone
@takes(MOST + (1 << 20))
def compare_file(code: str) -> ResponseReturnValue:
    """Whether a file is this letter: another that is signed as well would pass `/verify`."""
    try:
        found = public.look_up(system(), code, sessions.origin().ip, now())
    except NotFound:
        return _unknown(code)
    upload = request.files.get("file")
    data = upload.stream.read(MOST + 1) if upload else b""
    if upload is None or not data:
        return _shown(found, problem=_("เลือกไฟล์ PDF ที่จะเทียบ")), 422
    return _shown(found, public.compare(system(), found, data, now(), MOST), upload.filename or "")


def _shown(
    found: Verified, likeness: Likeness | None = None, file_name: str = "", problem: str = ""
) -> Response:
    page = render_template(
        "code_verdict.html",
        found=found,
        letter=found.letter,
        code=grouped(found.letter.code),
        headline=_headline(found),
        sentence=_sentence(found),
        picture=_picture(found.letter.code),
        signatures=found.verdict.signatures,
        tone="ok" if likeness in ALIKE else "warn" if likeness == "copy" else "danger",
        compared=_compared(likeness) if likeness else None,
        file_name=file_name,
        problem=problem,
    )
    return Response(page, headers={"X-Robots-Tag": "noindex", "Cache-Control": "no-store"})


def _compared(likeness: Likeness) -> tuple[str, str]:
    """In short, and in a sentence."""
    this = _("ไฟล์ของท่านคือหนังสือนี้")
    return {
        "same": (this, _("ตรงกับฉบับที่เก็บไว้ทุกไบต์")),
        "earlier": (
            this,
            _("เป็นไฟล์ก่อนเพิ่มหลักฐานและประทับเวลาเก็บถาวร เนื้อความและลายมือชื่อเดียวกัน"),
        ),
        "later": (this, _("มีหลักฐานหรือประทับเวลาเพิ่มต่อท้าย เนื้อความและลายมือชื่อเดียวกัน")),
        "form": (this, _("ลายมือชื่อและเนื้อความที่ลงนามเดียวกัน ต่างกันเพียงวิธีเขียนไฟล์")),
        "unissued": (
            _("ไฟล์ของท่านไม่ใช่ฉบับที่ออก"),
            _("ลงนามไว้ระหว่างทำหนังสือนี้ แต่เนื้อความในไฟล์ไม่ได้ออก ขอให้ใช้ฉบับที่ออกแล้ว"),
        ),
        "copy": (
            _("ไฟล์ของท่านเป็นสำเนาที่ทำจากหนังสือนี้"),
            _("ไม่ใช่ไฟล์ที่ลงนาม ตรวจลายมือชื่อผู้รับรองสำเนาได้ที่หน้าตรวจสอบเอกสาร"),
        ),
        "changed": (
            _("ไฟล์ของท่านถูกแก้ไข"),
            _("มีลายมือชื่อของหนังสือนี้ แต่ไฟล์ถูกแก้ไขหลังจากลงนาม ขอให้ใช้ฉบับจริงจากหน่วยงานที่ออก"),
        ),
        "other": (
            _("ไฟล์ของท่านไม่ใช่หนังสือนี้"),
            _("ไม่มีลายมือชื่อใดในไฟล์ที่เป็นของหนังสือนี้ หรือเนื้อความที่ลงนามถูกแก้ แม้ไฟล์จะลงนามถูกต้องก็เป็นเอกสารอื่น"),
        ),
    }[likeness]


def _asking(typed: str = "", problem: str = "") -> str:
    return render_template("code.html", typed=typed[:40], problem=problem)


def _unknown(typed: str) -> ResponseReturnValue:
    """The same for a code that never was, that was mistyped, and of a letter that is not signed."""
    return _asking(typed, _("ไม่มีหนังสือที่ลงนามแล้วตามรหัสนี้ เทียบรหัสกับที่พิมพ์ท้ายหนังสืออีกครั้ง")), 404


def _picture(code: str) -> str:
    made = segno.make(f"{system().settings.public_url}/v/{code}", error="m", micro=False)
    return str(made.svg_data_uri(scale=3, border=2))


def _headline(found: Verified) -> str:
    if found.letter.revoked_at:
        return _("หนังสือนี้ถูกยกเลิกแล้ว")
    return _("หนังสือนี้เชื่อถือได้") if found.verdict.good else _("อย่าเพิ่งเชื่อหนังสือนี้")


def _sentence(found: Verified) -> str:
    letter = found.letter
    if letter.revoked_at and letter.replaced_by:
        return _(
            "ลงนามจริง แต่หน่วยงานยกเลิกแล้ว และใช้หนังสือเลขที่ %(number)s แทน", number=letter.replaced_by
        )
    if letter.revoked_at:
        return _("ลงนามจริง แต่หน่วยงานที่ออกยกเลิกแล้ว ไม่มีผลใช้ต่อไป")
    if found.verdict.good:
        return _("ลงนามครบถ้วน ถูกต้อง ผู้ออกใบรับรองรู้จัก และไม่มีการแก้ไขหลังลงนาม")
    return _("ไฟล์ที่เก็บไว้ไม่ผ่านการตรวจ ติดต่อหน่วยงานที่ออกหนังสือ")
