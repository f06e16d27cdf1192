"""Chains to begin from: the shapes that approvals mostly have, naming no post of any agency."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from office.chains.model import (
    REFUSE,
    Ask,
    Branch,
    Chain,
    Choose,
    Due,
    Field,
    Inform,
    Span,
    Step,
    Who,
)
from office.chains.words import outcomes_of

_SUBJECT = Field("subject", "เรื่อง")
_DETAIL = Field("detail", "รายละเอียดและเหตุผล", "lines")
_AMOUNT = Field("amount", "วงเงิน (บาท)", "number")


@lru_cache(maxsize=1)
def samples() -> Sequence[Chain]:
    return (_two_levels(), _by_amount(), _with_opinion())


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
    higher = Branch("เกิน 100,000 บาท", (_superior("second", 2),), "amount > 100000")
    ways = (higher, Branch("ไม่เกินนั้น"))
    return Chain(
        "by-amount",
        "ขออนุมัติตามวงเงิน",
        (_superior("first", 1), Choose("limit", "วงเงินเท่าใด", ways), _told()),
        (_SUBJECT, _AMOUNT, _DETAIL),
        "subject",
        note="ผู้บังคับบัญชาชั้นต้นพิจารณาทุกเรื่อง เกิน 100,000 บาทให้ชั้นถัดไปพิจารณาด้วย แก้วงเงินได้ที่จุดเลือกทาง",
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


_DUE = Due(Span(3), remind=True)


def _superior(step: str, level: int) -> Step:
    name = {1: "ผู้บังคับบัญชาชั้นต้นพิจารณา", 2: "ผู้บังคับบัญชาชั้นถัดไปพิจารณา"}[level]
    buttons = outcomes_of("approve", refusal=True)
    assert buttons[-1].id == REFUSE
    who = Who("superior", level=level)
    return Ask(step, "approve", name, who, buttons, due=_DUE, refusal="end", not_starter=True)


def _told() -> Step:
    return Inform("told", "แจ้งผลผู้เริ่มเรื่อง", Who("starter"))
