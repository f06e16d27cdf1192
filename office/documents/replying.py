"""The first words of a document that another gives: an answer to it, or one like it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from office.documents import errors
from office.documents.reading import LINE
from office.documents.rules import OPEN_TO_RIGHTS
from office.documents.thai import long_date
from office.people.rules import read_position_lines

#: kinds that are answered by a letter that refers to them; all other correspondence by a memo
_REFERRED = frozenset({"EXT", "STAMP"})
ANSWERED = _REFERRED | {"INT"}


def may_begin(secrecy: int) -> bool:
    """Whether a document of this degree may give words to a new one, which is never secret."""
    return secrecy <= OPEN_TO_RIGHTS


def check_may_begin(secrecy: int) -> None:
    """Conflict (secret_source) where they may not."""
    if not may_begin(secrecy):
        raise errors.secret_source()


def answer(
    asked: Mapping[str, Any], *, document_id: str, number: str, dated: date
) -> dict[str, Any]:
    """To the post that signed `asked` (a letter's printed words), or for which it was signed.

    An external letter names it under อ้างถึง; a memo, which has no such line, in its text.
    """
    own, _mode, acted_for = read_position_lines(asked["position_lines"])
    whose, named = asked["owner_agency"], _named(number, dated)
    subject = asked["subject"]
    words = {
        "subject": subject if subject.startswith("ตอบ") else f"ตอบ{subject}"[:LINE],
        "to": acted_for or own,
        "extra": {"reply_to": document_id},
    }
    if asked["kind"] in _REFERRED:
        cause = f"ตามหนังสือที่อ้างถึง {whose}แจ้งเรื่อง{subject} ความละเอียดแจ้งแล้ว นั้น"
        return {
            **words,
            "kind": "EXT",
            "refs": [reference(whose, number, dated)],
            "paragraphs": [cause],
        }
    cause = f"ตามบันทึก{asked['owner_unit']} {named} เรื่อง {subject} นั้น"
    return {**words, "kind": "INT", "paragraphs": [cause]}


def reference(whose: str, number: str, dated: date) -> str:
    """A letter as another names it under อ้างถึง (ข้อ 11): whose it is, its number and date."""
    return f"หนังสือ{whose} {_named(number, dated)}"


def _named(number: str, dated: date) -> str:
    return f"ที่ {number} ลงวันที่ {long_date(dated)}"


#: what a document like another takes from it; whose it is, and who signs, is asked anew
_TAKEN = ("subject", "to", "salutation", "closing", "refs", "cc", "attachments", "paragraphs")
#: what in `extra` is of that one document alone
_OWN = frozenset({"reply_to", "meeting", "meeting_date", "issue", "edition", "recorder"})


def words_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What can be said again, of a document that serves as a pattern."""
    extra = {name: said for name, said in content.get("extra", {}).items() if name not in _OWN}
    taken = {name: content[name] for name in _TAKEN if content.get(name)}
    return {**taken, "kind": content["kind"], "extra": extra}
