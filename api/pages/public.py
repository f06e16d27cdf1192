"""The page behind the code on a signed letter: the verdict in plain words, for everyone."""

from __future__ import annotations

import segno
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from api import public
from api.pages import sessions
from api.pages.desk import now, system
from api.pages.i18n import gettext as _
from api.pages.site import for_everyone, site
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
    response = render_template(
        "code_verdict.html",
        found=found,
        letter=found.letter,
        code=grouped(found.letter.code),
        headline=_headline(found),
        sentence=_sentence(found),
        picture=_picture(found.letter.code),
        signatures=found.verdict.signatures,
    )
    return response, {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}


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
