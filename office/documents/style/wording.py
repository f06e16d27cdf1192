"""Greeting, closing and the set phrases of letters: what spans several fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from office.documents.greetings import MONK, REGULATION, Greeting, Manners, greeting, recipient
from office.documents.style.finding import Finding

#: kinds that greet somebody, and those that close with a phrase
GREETING, CLOSING = frozenset({"EXT", "INT", "NOTE"}), frozenset({"EXT"})
_PURPOSE = re.compile(r"จึง(?:กราบเรียน|เรียน|นมัสการ)มาเพื่อ")
#: นั้น belongs to these, or may: it closes no cause
_BOUND = ("เช่น", "ดัง", "ฉะ", "เท่า", "วัน", "ครั้ง", "คราว", "ขณะ", "ตอน", "เหล่า", "อย่าง", "ทั้ง",
          "จาก", "ตาม", "เพียง", "แค่", "ผู้", "คน", "สิ่ง", "กรณี", "เวลา", "เดือน", "ปี")  # fmt: skip
_THAT_ENDS = re.compile(rf"(?<=[^ ]){''.join(f'(?<!{word})' for word in _BOUND)}นั้น(?=\s*$)")
_THAT_BEGINS = ("ตามที่", "ตามหนังสือ", "ด้วย", "อนุสนธิ")
_QUOTED = re.compile(r"(?:หนังสือ|เรื่อง)?ที่อ้างถึง")
_ENCLOSED = re.compile("สิ่งที่ส่งมาด้วย")

Content = Mapping[str, Any]


def phrases(content: Content, manners: Manners = REGULATION) -> Iterator[Finding]:
    kind = content.get("kind")
    if kind in GREETING:
        yield from _greeted(content, greeting(content.get("to") or "", manners))
    if kind == "INT" and (said := content.get("closing")):
        yield _whole("closing_in_memo", "closing", said, "")
    yield from _paragraphs(content, _that)
    if kind == "EXT":
        if not content.get("refs"):
            yield from _paragraphs(content, _missing("no_reference", _QUOTED))
        if not content.get("attachments"):
            yield from _paragraphs(content, _missing("no_enclosure", _ENCLOSED))


def _greeted(content: Content, due: Greeting | None) -> Iterator[Finding]:
    to = content.get("to") or ""
    if (bare := recipient(to)) != to and bare:
        yield Finding("greeting_twice", "to", 0, len(to) - len(bare), to, "")
    if due is None:
        return
    said = content.get("salutation")
    if said and said != due.salutation:
        yield _whole("salutation", "salutation", said, due.salutation)
    closing = content.get("closing")
    if content["kind"] in CLOSING and closing and not _closes(closing, due):
        yield _whole("closing", "closing", closing, due.closing)
    for number, text in enumerate(content.get("paragraphs") or ()):
        for match in _PURPOSE.finditer(text):
            if match[0] != due.purpose:
                yield Finding("purpose", f"paragraphs.{number}", *match.span(), text, due.purpose)


def _closes(closing: str, due: Greeting) -> bool:
    """Monks of rank take the same words and more."""
    return closing == due.closing or (due.salutation == MONK.salutation and due.closing in closing)


def _whole(rule: str, path: str, said: str, mend: str) -> Finding:
    return Finding(rule, path, 0, len(said), said, mend)


def _paragraphs(
    content: Content, look: Callable[[str, str], Iterator[Finding]]
) -> Iterator[Finding]:
    for number, text in enumerate(content.get("paragraphs") or ()):
        yield from look(f"paragraphs.{number}", text)


def _that(path: str, text: str) -> Iterator[Finding]:
    """ตามที่ … นั้น: a space before the word that closes the cause."""
    if text.startswith(_THAT_BEGINS) and (match := _THAT_ENDS.search(text)):
        yield Finding("that", path, match.start(), match.start(), text, " ")


def _missing(rule: str, pattern: re.Pattern[str]) -> Callable[[str, str], Iterator[Finding]]:
    """The text speaks of what the head of the letter does not name."""

    def look(path: str, text: str) -> Iterator[Finding]:
        if match := pattern.search(text):
            yield Finding(rule, path, *match.span(), text, None)

    return look
