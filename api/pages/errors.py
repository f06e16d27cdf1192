"""Refusals as pages: what is wrong, what did not change, and one thing to do now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, g, make_response, render_template

from api.pages import kept, words
from api.pages.i18n import LazyText, gettext
from api.pages.i18n import lazy_gettext as _
from engine.errors import Rejected, TooMany

if TYPE_CHECKING:
    from api.problems import Problem


@dataclass(frozen=True, slots=True)
class _Look:
    icon: str
    tone: str
    title: LazyText
    text: LazyText


#: longer waits are told in minutes
_ONE_SAYS_SECONDS = 120
_SAME = _("ยังไม่มีอะไรเปลี่ยน กลับไปหน้าก่อนแล้วลองใหม่")
_GENERAL = _Look("octagon-alert", "danger", _("ทำรายการนี้ไม่สำเร็จ"), _SAME)
_LOOKS = {
    400: _Look("octagon-alert", "danger", _("อ่านคำขอนี้ไม่ได้"), _SAME),
    403: _Look(
        "lock",
        "secret",
        _("ท่านไม่มีสิทธิ์เปิดหน้านี้"),
        _("เรื่องนี้จำกัดเฉพาะผู้ที่เกี่ยวข้อง หากจำเป็นต้องใช้ในงาน ติดต่อเจ้าของเรื่องหรือผู้ดูแลระบบ"),
    ),
    404: _Look(
        "search-x",
        "",
        _("ไม่พบหน้านี้"),
        _("ลิงก์อาจพิมพ์ผิด หรือสิ่งที่ท่านเปิดถูกย้าย ถูกลบ หรือไม่ใช่ของหน่วยงานท่าน"),
    ),
    405: _Look("octagon-alert", "danger", _("หน้านี้ใช้แบบนี้ไม่ได้"), _SAME),
    409: _Look(
        "git-merge-conflict",
        "danger",
        _("สถานะเปลี่ยนไปแล้ว"),
        _("ยังไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    ),
    412: _Look(
        "git-merge-conflict",
        "danger",
        _("มีผู้แก้ไขก่อนท่าน"),
        _("เปิดหน้าใหม่เพื่อดูฉบับล่าสุด แล้วทำรายการอีกครั้ง"),
    ),
    413: _Look(
        "package",
        "danger",
        _("ไฟล์หรือข้อความใหญ่เกินไป"),
        _("ยังไม่มีอะไรถูกบันทึก ลดขนาดแล้วลองใหม่"),
    ),
    422: _Look(
        "circle-alert",
        "danger",
        _("ข้อมูลยังไม่ถูกต้อง"),
        _("ยังไม่มีอะไรถูกบันทึก กลับไปแก้แล้วลองใหม่"),
    ),
    429: _Look("timer", "danger", _("ทำรายการถี่เกินไป"), _("รอสักครู่แล้วลองใหม่ ยังไม่มีอะไรเปลี่ยน")),
    500: _Look(
        "server-crash",
        "danger",
        _("ระบบทำงานผิดพลาด"),
        _("ลองใหม่อีกครั้ง หากยังเป็นอยู่ให้แจ้งผู้ดูแลระบบพร้อมรหัสเหตุการณ์"),
    ),
    503: _Look(
        "unplug",
        "danger",
        _("ระบบไม่พร้อมในขณะนี้"),
        _("ยังไม่มีอะไรเปลี่ยน ลองใหม่ในอีกสักครู่"),
    ),
}


def page(problem: Problem) -> Response:
    """The problem as a page, for whoever is signed in and for whoever is not."""
    if problem.code == "csrf" and (shown := kept.shown_anew()) is not None:
        return make_response(shown, problem.status)
    look = _LOOKS.get(problem.status, _GENERAL)
    html = render_template(
        "error.html",
        look=look,
        title=_title(problem, look),
        text=_text(problem, look),
        problem=problem,
        layout="app.html" if g.get("actor") is not None and problem.status < 500 else "public.html",
    )
    return make_response(html, problem.status)


def _title(problem: Problem, look: _Look) -> str:
    if problem.status == 403 and problem.code == "csrf":
        return gettext("แบบฟอร์มนี้เก่าเกินไป")
    return str(look.title)


def _text(problem: Problem, look: _Look) -> str:
    """Our words for the code where it has some; never the developer's English."""
    if problem.code == "csrf":
        return gettext("เปิดหน้านี้ใหม่แล้วทำรายการอีกครั้ง ยังไม่มีอะไรเปลี่ยน")
    error = problem.error
    if isinstance(error, TooMany):
        return _later(error.retry_after)
    general = error is None or problem.code in {"rejected", "not_found", "forbidden", "invalid"}
    return str(look.text) if general or not isinstance(error, Rejected) else words.say(error)


def _later(seconds: int) -> str:
    if seconds <= _ONE_SAYS_SECONDS:
        return gettext("ลองใหม่ในอีก %(n)s วินาที ยังไม่มีอะไรเปลี่ยน", n=seconds)
    return gettext("ลองใหม่ในอีก %(n)s นาที ยังไม่มีอะไรเปลี่ยน", n=-(-seconds // 60))
