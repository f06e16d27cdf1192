"""What is secret: numbers of books of its own, in registers that open to cleared registrars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
import sqlalchemy as sa
from support.ministry import Ministry

from engine.actor import Actor, system_actor
from engine.bus import Context
from engine.db import reading
from engine.errors import Forbidden, NotFound
from office.correspondence import proofs, queries, rules
from office.correspondence.commands import AcknowledgeReceipt, NoteHandling
from office.correspondence.issued import Issued
from office.correspondence.models import letter_book, letter_number, register_entry
from office.correspondence.recovery import Missed, account_for
from office.documents.degrees import TAKES_SECRETS
from office.documents.models import document
from office.people.models import agency

SUBJECT = "โยกย้ายกำลังพลตามแผนพิเศษ"
SECRET = {"secrecy": "ลับ", "secrecy_code": "002"}


@pytest.fixture
def ministry(either_ministry: Ministry) -> Ministry:
    """One that takes secret letters; all on the way of one are cleared for ลับมาก."""
    ministry = either_ministry
    with ministry.bus.engine.begin() as db:
        mine = agency.c.id == ministry.agency_id
        policy = db.execute(sa.select(agency.c.policy).where(mine)).scalar_one()
        chosen = {**policy, TAKES_SECRETS: True}
        db.execute(sa.update(agency).where(mine).values(policy=chosen))
    return ministry


@dataclass(frozen=True)
class Again:
    """What the test makes of it."""


def registrar(ministry: Ministry, clearance: int) -> Actor:
    actor = ministry.actor("truatsop")
    return replace(actor, rights=frozenset({"registry"}), clearance=clearance)


def lines(ministry: Ministry, actor: Actor, which: str, **asked: Any) -> list[Any]:
    with reading(ministry.bus.engine) as db:
        return list(queries.register(db, actor, which, **asked).items)


def test_it_is_numbered_and_entered_apart(ministry: Ministry) -> None:
    ordinary = ministry.letter().on_the_signers_desk().signed()
    made = ministry.letter(subject=SUBJECT, to="กรมสาธิต", **SECRET).on_the_signers_desk().signed()
    again = ministry.letter(subject=SUBJECT, **SECRET).on_the_signers_desk().signed()
    numbers = [row.row.number for row in (ordinary, made, again)]
    assert numbers == ["ตย ๐๒๐๑/๑", "ตย ๐๒๐๑/ล ๑", "ตย ๐๒๐๑/ล ๒"]
    kept = {(row.register, row.unit, row.no, row.secrecy) for row in ministry.rows(register_entry)
            if row.document_id != ordinary.id}  # fmt: skip
    sent = made.row.owner_unit
    assert {one[0] for one in kept} == {"secret_out", "secret_in"}, sent
    assert {(one[2], one[3]) for one in kept if one[0] == "secret_out"} == {(1, 2), (2, 2)}
    said = [row.subject for row in ministry.rows(register_entry)
            if row.register not in rules.SECRETS]  # fmt: skip
    assert SUBJECT not in said
    with reading(ministry.bus.engine) as db:
        assert list(proofs.in_books(db)) == []


def test_an_order_that_is_secret_counts_in_a_book_of_its_own(ministry: Ministry) -> None:
    ministry.letter("S06").on_the_signers_desk().signed()
    made = ministry.letter("S06", **SECRET).on_the_signers_desk().signed()
    assert made.row.number == "ล ๑/๒๕๖๙"
    books = {(book.kind, book.last) for book in ministry.rows(letter_book)}
    assert {("ORDER", 1), ("ORDER ล", 1), ("secret_out", 1), ("issue", 1)} <= books
    with reading(ministry.bus.engine) as db:
        assert list(proofs.in_books(db)) == []


def test_its_register_opens_to_cleared_registrars(ministry: Ministry) -> None:
    ministry.letter(subject=SUBJECT, to="กรมสาธิต", **SECRET).on_the_signers_desk().signed()
    for which in rules.SECRETS:
        with pytest.raises(Forbidden) as refused:
            lines(ministry, registrar(ministry, 1), which)
        assert refused.value.code == "not_cleared"
        (line,) = lines(ministry, registrar(ministry, 2), which, q=SUBJECT)
        assert (line.subject, line.secrecy) == (SUBJECT, 2)
    cleared = replace(ministry.actor("thotsop"), clearance=3)
    with pytest.raises(Forbidden):
        lines(ministry, cleared, "secret_out")
    assert lines(ministry, cleared, "secret_in") == [], "of another unit"
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(register_entry).values(secrecy=3))
    assert lines(ministry, registrar(ministry, 2), "secret_in") == []
    for which in ("send", "receive"):
        assert SUBJECT not in [
            line.subject for line in lines(ministry, registrar(ministry, 3), which)
        ]


def test_only_cleared_people_of_the_receiving_unit_sign_for_it(ministry: Ministry) -> None:
    ministry.letter(subject=SUBJECT, to="กรมสาธิต", **SECRET).on_the_signers_desk().signed()
    (line,) = ministry.rows(register_entry, register_entry.c.register == "secret_in")
    receiver = ministry.actor("athibodi")
    uncleared, cleared = replace(receiver, clearance=1), replace(receiver, clearance=2)
    for command in (AcknowledgeReceipt(line.id), NoteHandling(line.id, "มอบ")):
        with pytest.raises(NotFound):
            ministry.bus.execute(command, uncleared)
        ministry.bus.execute(command, cleared)
    (seen,) = lines(ministry, cleared, "secret_in")
    assert (seen.acknowledged_by, seen.handling) == ("athibodi", "มอบ")


def test_the_books_of_what_is_secret_are_known_to_the_cleared(ministry: Ministry) -> None:
    ministry.letter(subject=SUBJECT, **SECRET).on_the_signers_desk().signed()

    def kinds(clearance: int) -> set[str]:
        with reading(ministry.bus.engine) as db:
            found = queries.books(db, registrar(ministry, clearance), ministry.now.year)
        return {book.kind for book in found}

    assert kinds(2) - kinds(1) == {"secret", "secret_out"}


def test_a_number_reserved_before_it_became_secret_is_crossed_out(ministry: Ministry) -> None:
    """Signing failed, the draft came back, and was made secret on the same day."""
    letter = ministry.letter().on_the_signers_desk()
    letter.at("sign").by("somying").sign()
    (held,) = ministry.rows(letter_number)
    with ministry.bus.engine.begin() as db:
        db.execute(sa.update(document).values(secrecy=2))
        db.execute(sa.update(letter_number).values(state="reserved", settled_at=None, sha256=None))
    registry = ministry.desk.numbers
    from office.documents.access import find
    from office.documents.letters import letter_of

    def again(_command: Any, ctx: Context) -> dict[str, Any]:
        words = letter_of(ctx.db, find(ctx.db, ctx.actor.agency_id, letter.id))
        return {"text": registry.reserve(ctx, words, held.dated).text}

    ministry.bus.handlers = {**ministry.bus.handlers, Again: again}
    assert ministry.do(Again()) == {"text": "ตย 0201/ล 1"}
    states = {row.text: (row.state, row.cause) for row in ministry.rows(letter_number)}
    assert states["ตย 0201/1"][0] == "void"
    assert "ชั้นความลับ" in states["ตย 0201/1"][1]
    assert ministry.do(Again()) == {"text": "ตย 0201/ล 1"}


def test_after_a_restore_lost_numbers_go_back_to_their_own_book(ministry: Ministry) -> None:
    made = ministry.letter(subject=SUBJECT, **SECRET).on_the_signers_desk().signed()
    order = ministry.letter("S07", **SECRET).on_the_signers_desk().signed()
    journaled = [Issued.read(line) for line in ministry.desk.numbers._journal.lines()
                 if "number_id" in line]  # fmt: skip
    assert [one.mark for one in journaled if one.document == made.id] == ["ล"]
    with ministry.bus.engine.begin() as db:
        db.execute(sa.delete(letter_number))
        db.execute(sa.update(letter_book).where(letter_book.c.kind.in_(["secret", "REG ล"]))
                   .values(last=0))  # fmt: skip

    def restore(_command: Any, ctx: Context) -> dict[str, Any]:
        later = [replace(one, value=one.value + 1, number=_next(one.number)) for one in journaled]
        return {"lost": sorted(account_for(ctx, [Missed(one) for one in later]).lost)}

    ministry.bus.handlers = {**ministry.bus.handlers, Again: restore}
    ministry.bus.execute(Again(), system_actor(ministry.agency_id))
    found = {row.text for row in ministry.rows(letter_number)}
    assert found == {"ตย 0201/ล 1", "ตย 0201/ล 2", "ระเบียบ ล 1/2569", "ระเบียบ ล 2/2569"}, order.id
    books = {book.kind: book.last for book in ministry.rows(letter_book)}
    assert (books["secret"], books["REG ล"]) == (2, 2)


def _next(text: str) -> str:
    return text.replace("ล 1", "ล 2")


@pytest.mark.parametrize(
    ("text", "secret"),
    [("ตย 0201/ล 3", True), ("ล 3/2569", True), ("คำสั่ง ล 3/2569", True), ("ตย 0201/ว 3", False),
     ("ตย 0201/3", False), ("ลป 0031/3", False), ("3/2569", False), ("รายงาน 3/2569", False)],
)  # fmt: skip
def test_a_number_says_of_which_book_it_is(text: str, secret: bool) -> None:
    assert rules.is_secret_number(text) is secret
    if "2569" not in text:
        prefix, value, mark = rules.read_number(text)
        assert rules.number_text(prefix, value, mark) == text
