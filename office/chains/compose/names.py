"""What the elements are called that no card names: in the language of whoever began the chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from office.chains.model import Ask, Chain

#: Thai and English
_OWN: Mapping[str, tuple[str, str]] = {
    "start": ("เริ่ม", "Start"),
    "end": ("เสร็จสิ้น", "Done"),
    "begin": ("เริ่มรอบแรก", "Begin the first round"),
    "find": ("หาผู้ทำขั้นนี้", "Find who does this"),
    "late": ("หมดเวลา", "Time is up"),
    "remember": ("จำผู้ส่งคืน", "Note who sent it back"),
    "returned": ("ส่งคืน", "Sent back"),
    "correct": ("ผู้เริ่มเรื่อง แก้ไข", "Starter corrects"),
}
#: of a step that nobody can do, or only the starter, who may not
_AROUND: Mapping[str, tuple[str, str]] = {
    "passed": ("ข้าม “%s” เพราะไม่มีผู้ทำ", "Pass “%s”: nobody can do it"),
    "own": ("ข้าม “%s” ถ้าเป็นผู้เริ่มเรื่อง", "Pass “%s”: it is the starter's"),
    "handed": ("ให้ผู้อื่นทำ “%s” เพราะไม่มีผู้ทำ", "Others do “%s”: nobody can"),
}
_OR = (" หรือ ", " or ")


def own(chain: Chain, which: str) -> str:
    return _OWN[which][chain.english]


def around(chain: Chain, which: str, step: str) -> str:
    return _AROUND[which][chain.english] % step


def no(chain: Chain, step: Ask) -> str:
    """What the buttons are called that say no."""
    noes = (one for one in step.outcomes if one.refuses)
    return _OR[chain.english].join(one.name_en if chain.english else one.name for one in noes)


def in_english(names: Iterable[str]) -> bool:
    """Whether a diagram whose elements have these names was begun in English."""
    listed = list(names)
    thai, english = (
        sum(name in known for name in listed) for known in zip(*_OWN.values(), strict=True)
    )
    return english > thai
