"""What the cards of one chain say and those of another do not, in the cards' own sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.chain_view import View
from api.pages.i18n import gettext as _
from office.chains.differences import CardDifference, Verb, compare
from office.chains.model import Chain, Step


@dataclass(frozen=True, slots=True)
class CardTold:
    """`was`: what it was called, where it has another name now; `before` and `after`: what it did
    and does, both empty where a sentence does not say what is different.
    """

    verb: Verb
    name: str
    was: str
    before: str
    after: str
    moved: bool


@dataclass(frozen=True, slots=True)
class CardsTold:
    """`facts`: what else the chain says otherwise, as its form calls it."""

    facts: Sequence[str]
    cards: Sequence[CardTold]

    @property
    def count(self) -> int:
        return bool(self.facts) + len(self.cards)


def tell(before: Chain, after: Chain) -> CardsTold:
    found = compare(before, after)
    views, labels = (View(before), View(after)), _labels()
    cards = [_told(one, *views) for one in found.cards]
    return CardsTold([labels[name] for name in found.facts], cards)


def _labels() -> dict[str, str]:
    return {
        "name": _("ชื่อ"),
        "fields": _("แบบฟอร์ม"),
        "title": _("ช่องที่ใช้เป็นชื่อเรื่อง"),
        "start_role": _("ใครเริ่มเรื่องได้"),
        "letter": _("เป็นเส้นทางของหนังสือ"),
        "note": _("คำอธิบาย"),
        "english": _("คำที่ระบบตั้งเองในผัง"),
    }


def _told(one: CardDifference, old: View, new: View) -> CardTold:
    before, after = _said(old, one.before), _said(new, one.after)
    if before == after:  # it says more than its sentence does, or only stands elsewhere
        before = after = ""
    shown = one.after or one.before
    name = shown.name if shown else ""
    was = one.before.name if one.before and one.before.name != name else ""
    return CardTold(one.verb, name, was, before, after, one.moved)


def _said(view: View, step: Step | None) -> str:
    return view.whole(step) if step else ""
