"""Approval matrices that several tests speak of: who approves by amount, kind, day and hurry."""

from __future__ import annotations

from office.chains.matrix import condition
from office.chains.model import Ask, Branch, Cell, Chain, Field, Hit, Matrix, Rule, Who
from office.chains.words import outcomes_of

FIELDS = (
    Field("amount", "วงเงิน (บาท)", "number"),
    Field("kind", "ชนิด", "choice", options=("งาน", "คอมพิวเตอร์")),
    Field("day", "วันที่ต้องใช้", "date"),
    Field("hurry", "ด่วน", "check", required=False),
)
HEAD, DIRECTOR, COMPUTERS = "หัวหน้า", "ผู้อำนวยการ", "คอมพิวเตอร์ต้องผ่านผู้ดูแล"
ANY = Cell()


def approve(id_: str, *, refusal: bool = False) -> Ask:
    outcomes = outcomes_of("approve", refusal=refusal)
    return Ask(id_, "approve", id_, Who("named", ("person:somchai",)), outcomes)


def ways(step_id: str, hit: Hit) -> tuple[Branch, ...]:
    named = ((HEAD, "head"), (DIRECTOR, "director"), (COMPUTERS, "computers"))
    inner = (Branch(label, (approve(one),), condition(step_id, label, hit)) for label, one in named)
    return (*inner, Branch("ปลัด", (approve("top"),)))


def _whose() -> Matrix:
    rules = (
        Rule((ANY, Cell(values=("คอมพิวเตอร์",)), ANY, ANY), COMPUTERS, "ข้อ 9"),
        Rule((Cell(high="100000"), ANY, ANY, ANY), HEAD),
        Rule((Cell("100000", "500000"), ANY, ANY, ANY), DIRECTOR),
        Rule((Cell("500000"), ANY, ANY, Cell(values=("true",))), HEAD),
        Rule((Cell("500000"), ANY, Cell("2027-01-01", "2027-03-01"), ANY), HEAD),
        Rule((Cell("500000"), ANY, ANY, ANY), ""),
    )
    columns = tuple(field.key for field in FIELDS)
    return Matrix("whose", "อำนาจอนุมัติ", ways("whose", "first"), "ตามคำสั่ง 12/2569", columns,
                  rules, "first")  # fmt: skip


def _kit() -> Matrix:
    rules = (
        Rule((Cell(high="100000"), ANY), HEAD),
        Rule((Cell("100000", "500000"), ANY), DIRECTOR),
        Rule((ANY, Cell(values=("คอมพิวเตอร์",))), COMPUTERS),
    )
    return Matrix("kit", "ใครเห็นชอบบ้าง", ways("kit", "all"), "", ("amount", "kind"), rules, "all")


#: the first rule that holds counts: one way
APPROVALS = Chain("matrix", "ขออนุมัติ", (_whose(),), FIELDS)
#: every rule that holds counts; above 500,000 nothing is named, so that the last way is taken
KIT = _kit()
