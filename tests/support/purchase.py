"""The approval chain that tests, pictures and the README speak of: buying something."""

from __future__ import annotations

from office.chains.model import (
    Ask,
    Branch,
    Chain,
    Choose,
    Due,
    Field,
    Inform,
    Span,
    Who,
)
from office.chains.words import outcomes_of

YES_NO = outcomes_of("approve", refusal=True)

PURCHASE = Chain(
    key="purchase",
    name="ขออนุมัติซื้อ",
    fields=(
        Field("subject", "เรื่อง"),
        Field("amount", "วงเงิน (บาท)", "number"),
    ),
    title="subject",
    steps=(
        Ask(
            "revise", "proofread", "ตรวจคำขอ", Who("starter"),
            outcomes_of("proofread", refusal=False), edits=("subject", "amount"),
        ),
        Ask(
            "head", "approve", "หัวหน้าเห็นชอบ", Who("superior"), YES_NO,
            due=Due(Span(1), remind=True, late="superior"), refusal="back", back_to="revise",
        ),
        Choose(
            "size", "แยกตามวงเงิน",
            (
                Branch(
                    "วงเงินสูง",
                    (
                        Ask(
                            "units", "consult", "หารือคลังและนิติการ",
                            Who("named", ("position:finance-head", "position:legal-head")),
                            outcomes_of("consult", refusal=True), how="all",
                            due=Due(Span(2), late="pass"), refusal="end",
                        ),
                    ),
                    "amount > 100000",
                ),
                Branch("วงเงินปกติ"),
            ),
        ),
        Ask(
            "approve", "approve", "อนุมัติ", Who("named", ("position:deputy-2",)), YES_NO,
            due=Due(Span(4, "hours"), late="refuse"), refusal="end", not_starter=True,
        ),
        Inform("told", "แจ้งผล", Who("named", ("unit:finance",))),
    ),
)  # fmt: skip
