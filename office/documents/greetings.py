"""How a letter greets and closes, by whom it is for (annex 2 of the regulation). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

#: Those who are greeted with กราบเรียน; everyone else with เรียน.
HONOURED = frozenset(
    {
        "ประธานองคมนตรี", "นายกรัฐมนตรี", "ประธานรัฐสภา", "ประธานสภาผู้แทนราษฎร", "ประธานวุฒิสภา",
        "ประธานศาลฎีกา", "ประธานศาลรัฐธรรมนูญ", "ประธานศาลปกครองสูงสุด", "ประธานกรรมการการเลือกตั้ง",
        "ประธานกรรมการสิทธิมนุษยชนแห่งชาติ", "ประธานกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ",
        "ประธานกรรมการตรวจเงินแผ่นดิน", "ประธานผู้ตรวจการแผ่นดิน", "อัยการสูงสุด", "รัฐบุรุษ",
    }
)  # fmt: skip
_TITLE = re.compile(r"^(?:กราบเรียน|เรียน|นมัสการ|ถึง) *")
_HONOURS = re.compile(r"^(?:ฯพณฯ|ท่าน) *")
#: Monks whose rank takes the third form; the higher ranks have names of their own, and are left
#: to whoever writes.
_MONK = re.compile(r"^(?:พระ(?:ครู|มหา|อธิการ|ปลัด|สมุห์|ใบฎีกา)|เจ้าอาวาส|เจ้าคณะ)")
_ROYAL = re.compile(r"^(?:พระบาทสมเด็จ|สมเด็จ|พระเจ้า|พระราช|พระเทพ|พระธรรม|พระพรหม)")


@dataclass(frozen=True, slots=True)
class Greeting:
    salutation: str
    closing: str
    #: "จึงเรียนมาเพื่อ…"
    purpose: str


COMMON = Greeting("เรียน", "ขอแสดงความนับถือ", "จึงเรียนมาเพื่อ")
HONOUR = Greeting("กราบเรียน", "ขอแสดงความนับถืออย่างยิ่ง", "จึงกราบเรียนมาเพื่อ")
MONK = Greeting("นมัสการ", "ขอนมัสการด้วยความเคารพ", "จึงนมัสการมาเพื่อ")
#: whom each form is for, in the order of the annex
FORMS: Mapping[str, Greeting] = {"honour": HONOUR, "common": COMMON, "monk": MONK}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an agency's own table: `who` is a post or a name as in the letter's ถึง, or what
    such begin with, which ends in an asterisk.
    """

    who: str
    greeting: Greeting

    def suits(self, name: str) -> bool:
        begins = self.who.removesuffix(ANY)
        return name.startswith(begins) if begins != self.who else name == self.who


#: behind what a row's recipients begin with
ANY = "*"


@dataclass(frozen=True, slots=True)
class Manners:
    """How an agency greets: the regulation's way, unless it has said otherwise."""

    honoured: frozenset[str] = HONOURED
    forms: Mapping[str, Greeting] = field(default_factory=lambda: FORMS)
    #: these come before the regulation's, the most particular first
    rows: Sequence[Row] = ()

    @property
    def salutations(self) -> list[str]:
        """Every word that a letter may be begun with, the common one first."""
        known = [self.forms["common"], *self.forms.values(), *(row.greeting for row in self.rows)]
        return list(dict.fromkeys(one.salutation for one in known))


REGULATION = Manners()


def forms(said: Mapping[str, Mapping[str, Any]]) -> dict[str, Greeting]:
    """The regulation's forms with an agency's own put over them."""
    own = {key: words for key, words in said.items() if key in FORMS}
    return {key: Greeting(**{**asdict(one), **own.get(key, {})}) for key, one in FORMS.items()}


def rows(said: Sequence[Mapping[str, str]]) -> list[Row]:
    """An agency's table: whole names before beginnings, and longer before shorter."""
    found = [
        Row(one["who"], Greeting(one["salutation"], one["closing"], one["purpose"])) for one in said
    ]
    return sorted(found, key=lambda row: (row.who.endswith(ANY), -len(row.who)))


def recipient(to: str) -> str:
    """The recipient without a greeting that was typed before the name."""
    return _TITLE.sub("", to)


def greeting(to: str, manners: Manners = REGULATION) -> Greeting | None:
    """None where no table decides: royalty and the higher ranks of monks."""
    name = recipient(to.strip())
    for row in manners.rows:
        if row.suits(name) or row.suits(_HONOURS.sub("", name)):
            return row.greeting
    if _HONOURS.sub("", name) in manners.honoured:
        return manners.forms["honour"]
    if _MONK.match(name):
        return manners.forms["monk"]
    return None if _ROYAL.match(name) else manners.forms["common"]
