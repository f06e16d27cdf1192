"""Chains to begin from: the shapes that approvals mostly have, naming no post of any agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from office.chains.editing import as_letter
from office.chains.matrix.ways import condition
from office.chains.model import (
    DRAFT,
    END,
    OPERATORS,
    REFUSE,
    STARTER,
    Act,
    Ask,
    Branch,
    Cell,
    Chain,
    Choose,
    Due,
    Field,
    Inform,
    Matrix,
    Nobody,
    Rule,
    Span,
    Step,
    Together,
    Who,
)
from office.chains.words import outcomes_of

_SUBJECT = Field("subject", "เรื่อง")
_DETAIL = Field("detail", "รายละเอียดและเหตุผล", "lines")
_AMOUNT = Field("amount", "วงเงิน (บาท)", "number")


@lru_cache(maxsize=1)
def samples() -> Sequence[Chain]:
    return (_leave(), _purchase(), _letter(), _two_levels(), _by_amount(), _with_opinion())


def _two_levels() -> Chain:
    return Chain(
        "two-levels",
        "ขออนุมัติสองขั้น",
        (_superior("first", 1), _superior("second", 2), _told()),
        (_SUBJECT, _DETAIL),
        "subject",
        note="ผู้บังคับบัญชาชั้นต้นและชั้นถัดไปพิจารณาตามลำดับ ไม่เห็นชอบขั้นใดเรื่องจบ ผู้เริ่มเรื่องได้รับแจ้งผล",
    )


def _by_amount() -> Chain:
    label = "ชั้นถัดไปพิจารณาด้วย"
    higher = Branch(label, (_superior("second", 2),), condition("limit", label, "unique"))
    ways = (higher, Branch("ชั้นต้นพิจารณาพอ"))
    rules = (Rule((Cell(high="100000"),), ""), Rule((Cell("100000"),), label))
    limit = Matrix("limit", "อำนาจอนุมัติตามวงเงิน", ways, columns=("amount",), rules=rules)
    return Chain(
        "by-amount",
        "ขออนุมัติตามวงเงิน",
        (_superior("first", 1), limit, _told()),
        (_SUBJECT, _AMOUNT, _DETAIL),
        "subject",
        note="ผู้บังคับบัญชาชั้นต้นพิจารณาทุกเรื่อง เกิน 100,000 บาทให้ชั้นถัดไปพิจารณาด้วย แก้วงเงินได้ในตารางอำนาจอนุมัติ",
    )


def _with_opinion() -> Chain:
    field = Field("adviser", "ขอความเห็นจาก", "person")
    asked = Ask("opinion", "consult", "ให้ความเห็น", Who("field", ("adviser",)),
                outcomes_of("consult", refusal=False), due=_DUE)  # fmt: skip
    return Chain(
        "with-opinion",
        "ขออนุมัติโดยขอความเห็นก่อน",
        (asked, _superior("first", 1), _told()),
        (_SUBJECT, field, _DETAIL),
        "subject",
        note="ผู้เริ่มเรื่องเลือกผู้ให้ความเห็นหนึ่งคน แล้วผู้บังคับบัญชาชั้นต้นพิจารณา",
    )


def _leave() -> Chain:
    kinds = ("ลาป่วย", "ลากิจส่วนตัว", "ลาพักผ่อน")
    fields = (
        Field("leave_kind", "ประเภทการลา", "choice", options=kinds),
        Field("first_day", "ตั้งแต่วันที่", "date"),
        Field("last_day", "ถึงวันที่", "date"),
        Field("days", "จำนวนวันทำการ", "number"),
        Field("reason", "เหตุผล", "lines"),
        Field("contact", "ติดต่อได้ที่", required=False),
    )
    longer = Branch("เกิน 15 วัน", (_returning(_superior("second", 2, "pass")),), "days > 15")
    ways = Choose("length", "ลานานเท่าใด", (longer, Branch("ไม่เกินนั้น")))
    return Chain(
        "leave",
        "ขออนุญาตลา",
        (_returning(_superior("first", 1, "hand")), ways, _told()),
        fields,
        "leave_kind",
        note="ผู้บังคับบัญชาชั้นต้นพิจารณา ลาเกิน 15 วันให้ชั้นถัดไปพิจารณาด้วย ผู้พิจารณาส่งคืนให้ผู้ลาแก้ได้",
    )


def _purchase() -> Chain:
    fields = (
        _SUBJECT,
        _AMOUNT,
        Field("budget_officer", "ผู้ตรวจงบประมาณ", "person"),
        Field("specification_officer", "ผู้ตรวจคุณลักษณะ", "person"),
        Field("quotation", "ใบเสนอราคา", "files", several=True, accept=".pdf, .xlsx, .png, .jpg"),
        _DETAIL,
    )
    checks = Together("checks", "ตรวจพร้อมกัน", (
        Branch("งบประมาณ", (_check("budget", "ตรวจงบประมาณ"),)),
        Branch("คุณลักษณะ", (_check("specification", "ตรวจคุณลักษณะ"),)),
    ))  # fmt: skip
    higher = Branch("เกิน 100,000 บาท", (_superior("second", 2),), "amount > 100000")
    limit = Choose("limit", "วงเงินเท่าใด", (higher, Branch("ไม่เกินนั้น")))
    return Chain(
        "purchase-request",
        "ขออนุมัติจัดซื้อ",
        (
            checks,
            _superior("first", 1),
            limit,
            _told(),
        ),
        fields,
        "subject",
        note="ตรวจงบประมาณและคุณลักษณะพร้อมกัน ฝ่ายใดส่งคืน อีกฝ่ายยุติและเริ่มตรวจใหม่เมื่อแก้แล้ว"
        " จากนั้นผู้บังคับบัญชาพิจารณาตามวงเงิน",
    )


def _letter() -> Chain:
    begun = as_letter(Chain("short-letter", "หนังสือราชการสายสั้น"))
    no = outcomes_of("approve", refusal=False)
    head = Ask("head", "approve", "ผู้บังคับบัญชาตรวจ", Who("superior", if_nobody="pass"), no, due=_DUE,
               refusal="chosen", may=(DRAFT,))  # fmt: skip
    yes = outcomes_of("sign", refusal=False)
    sign = Ask("sign", "sign", "ลงนาม", Who("field", ("signer",)), yes,
               refusal="chosen", may=(DRAFT, "head"))  # fmt: skip
    register = Act("register", "ลงทะเบียนส่งหนังสือ", "correspondence.register",
                   (("document_id", "=document_id"),))  # fmt: skip
    return replace(
        begun,
        steps=(*begun.steps, head, sign, register),
        note="ร่าง ผู้บังคับบัญชาตรวจ ลงนาม แล้วลงทะเบียนส่ง ผู้ตรวจและผู้ลงนามเลือกได้ว่าจะส่งคืนขั้นใด",
    )


def _check(name: str, told: str) -> Step:
    step = Ask(name, "consult", told, Who("field", (f"{name}_officer",)),
               outcomes_of("consult", refusal=False), due=_DUE)  # fmt: skip
    return replace(step, refusal="chosen", may=(STARTER,))


def _returning(step: Ask) -> Ask:
    """Whoever refuses it may send it back to whoever started it instead."""
    return replace(step, refusal="chosen", may=(END, STARTER))


_DUE = Due(Span(3), remind=True)


def _superior(step: str, level: int, nobody: Nobody = "stop") -> Ask:
    name = {1: "ผู้บังคับบัญชาชั้นต้นพิจารณา", 2: "ผู้บังคับบัญชาชั้นถัดไปพิจารณา"}[level]
    buttons = outcomes_of("approve", refusal=True)
    assert buttons[-1].id == REFUSE
    others = (OPERATORS,) if nobody == "hand" else ()
    who = Who("superior", level=level, if_nobody=nobody, instead=others)
    return Ask(step, "approve", name, who, buttons, due=_DUE, refusal="end", not_starter=True)


def _told() -> Step:
    return Inform("told", "แจ้งผลผู้เริ่มเรื่อง", Who("starter"))
