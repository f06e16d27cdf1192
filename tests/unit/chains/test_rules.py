"""What is wrong with a card is said before anything runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.purchase import PURCHASE, YES_NO

from office.chains import words
from office.chains.conditions import Test, read_test, told, write_test
from office.chains.editing import as_letter, insert, new_step
from office.chains.model import (
    Act,
    Ask,
    Branch,
    Call,
    Chain,
    Choose,
    Due,
    Field,
    Inform,
    Matrix,
    Nobody,
    Outcome,
    Span,
    Step,
    Together,
    Wait,
    Who,
    WhoKind,
)
from office.chains.rules import faults, may_choose, may_go_back_to
from office.chains.words import outcomes_of

BOSS = Who("named", ("position:head",))
GOOD = Ask("a", "approve", "เห็นชอบ", BOSS, YES_NO, refusal="end")
INFORM = Inform("i", "แจ้ง", BOSS)


def chain(*steps: Step, **more: object) -> Chain:
    fields = (Field("amount", "วงเงิน", "number"), Field("maybe", "อาจมี", "text", required=False))
    return replace(Chain("c1", "ก", steps, fields), **more)


def codes(*steps: Step, **more: object) -> list[tuple[str, str, str]]:
    return [(one.step, one.field, one.code) for one in faults(chain(*steps, **more))]


def test_a_good_chain_has_no_faults():
    assert faults(PURCHASE) == []
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (replace(GOOD, name=" "), ("a", "name", "name")),
        (replace(GOOD, id="x_a"), ("x_a", "id", "id")),
        (replace(GOOD, id="1a"), ("1a", "id", "id")),
        (replace(GOOD, who=Who("named")), ("a", "who", "nobody")),
        (replace(GOOD, who=Who("named", ("planet:mars",))), ("a", "who", "who_unknown")),
        (replace(GOOD, who=Who("field", ("amount",))), ("a", "who", "field_unknown")),
        (replace(GOOD, who=Who("field", ("maybe",))), ("a", "who", "optional")),
        (replace(GOOD, who=Who("performer", ("a",))), ("a", "who", "performer")),
        (replace(GOOD, who=Who("head", ("position:head",))), ("a", "who", "who_unknown")),
        (replace(GOOD, who=Who("members", ("unit:a", "person:b"))), ("a", "who", "who_unknown")),
        (replace(GOOD, who=Who("members")), ("a", "who", "nobody")),
        (replace(GOOD, who=Who("ladder", rank="king")), ("a", "who", "rank")),
        (replace(GOOD, id="l_a"), ("l_a", "id", "id")),
        (replace(GOOD, who=Who("superior", level=10)), ("a", "who", "level")),
        (replace(GOOD, who=Who("formula", ("1 +",))), ("a", "who", "feel")),
        (replace(GOOD, who=replace(BOSS, if_nobody="hand")), ("a", "instead", "instead")),
        (replace(GOOD, who=replace(BOSS, if_starter="hand"), not_starter=True),
         ("a", "instead_of_starter", "instead_of_starter")),
        (replace(GOOD, who=replace(BOSS, if_starter="pass")), ("a", "if_starter", "if_starter")),
        (replace(GOOD, who=replace(BOSS, instead=("person:x",))), ("a", "instead", "instead")),
        (replace(GOOD, who=replace(BOSS, if_nobody="hand", instead=("right:all",))),
         ("a", "instead", "who_unknown")),
        (replace(GOOD, id="p_a"), ("p_a", "id", "id")),
        (replace(GOOD, who=Who("starter"), how="all"), ("a", "how", "only_one")),
        (replace(GOOD, how="share", share=0), ("a", "share", "share")),
        (replace(GOOD, how="all", edits=("amount",)), ("a", "edits", "edits_of_several")),
        (replace(GOOD, edits=("other",)), ("a", "edits", "field_unknown")),
        (replace(GOOD, hides=("other",)), ("a", "edits", "field_unknown")),
        (replace(INFORM, hides=("other",)), ("i", "edits", "field_unknown")),
        (replace(GOOD, edits=("amount",), hides=("amount",)), ("a", "edits", "edits_hidden")),
        (replace(GOOD, not_those=("a",)), ("a", "not_those", "performer")),
        (replace(GOOD, refusal="none"), ("a", "outcomes", "refusal_way")),
        (replace(GOOD, outcomes=(*YES_NO, Outcome("more", "", ""))), ("a", "outcomes", "label")),
        (replace(GOOD, due=Due(Span(0))), ("a", "due", "span")),
        (replace(GOOD, refusal="back", back_to="a"), ("a", "back_to", "back_to")),
        (Wait("w", "รอ", None, "amount"), ("w", "until", "until")),
        (Wait("w", "รอ", Span(1000)), ("w", "span", "span")),
        (Call("s", "ย่อย", "c1"), ("s", "process", "process")),
        (Act("s", "ทำ", ""), ("s", "action", "action")),
        (Together("t", "ก", (Branch("ก"),)), ("t", "branches", "branches")),
        (Choose("t", "ก", (Branch("ก", (), "1 ="), Branch("ข"))), ("t", "branch.0", "condition")),
        (Choose("t", "ก", (Branch("ก", (), "nothing > 1"), Branch("ข"))),
         ("t", "branch.0", "field_unknown")),
        (Choose("t", "ก", (Branch("ก", (), 'maybe = "1"'), Branch("ข"))),
         ("t", "branch.0", "optional")),
    ],
)  # fmt: skip
def test_a_fault_is_found(step: Step, fault: tuple[str, str, str]):
    assert fault in codes(step)
    assert fault[2] in words.FAULTS


def test_what_everybody_reads_as_the_title_cannot_be_hidden():
    hiding = replace(GOOD, hides=("amount",))
    assert codes(hiding) == []
    assert codes(hiding, title="amount") == [("a", "edits", "title_hidden")]
    told = replace(INFORM, hides=("amount",))
    assert codes(GOOD, told) == []
    assert codes(GOOD, told, title="amount") == [("i", "edits", "title_hidden")]
    assert "title_hidden" in words.FAULTS


SIGN = Ask("s", "sign", "ลงนาม", BOSS, outcomes_of("sign", refusal=True), refusal="end")


LETTER: dict[str, object] = {"letter": True, "fields": ()}
DRAFT = as_letter(Chain("c1", "ก")).steps[0]


def of_letter(*steps: Step) -> list[tuple[str, str, str]]:
    found = codes(DRAFT, *steps, **LETTER)
    assert {code for _step, _field, code in found} <= set(words.FAULTS)
    return found


def test_signing_is_for_letters_once_by_one_and_final():
    assert of_letter(SIGN) == []
    assert codes(SIGN) == [("s", "kind", "sign_letter")]
    assert codes(DRAFT, SIGN, letter=True) == [("", "letter", "letter_fields")]
    twice = replace(SIGN, id="s2", refusal="none", outcomes=outcomes_of("sign", refusal=False))
    assert ("", "steps", "sign_twice") in of_letter(SIGN, twice)
    ways = Choose("c", "ก", (Branch("ก", (SIGN,), "urgency > 1"), Branch("ข", (twice,))))
    assert of_letter(ways) == []
    late = replace(SIGN, due=Due(Span(1), late="pass"), skip_same=True, outcomes=YES_NO)
    assert of_letter(late) == [
        ("s", "how", "sign_one"), ("s", "outcomes", "sign_buttons"), ("s", "due", "sign_late"),
    ]  # fmt: skip
    assert of_letter(replace(SIGN, confirm=True)) == [("s", "confirm", "confirm_sign")]
    assert codes(replace(GOOD, confirm=True)) == []
    passed = replace(GOOD, confirm=True, skip_same=True)
    assert codes(passed) == [(passed.id, "confirm", "confirm_passed")]
    back = replace(GOOD, id="b", refusal="back", back_to="a")
    assert of_letter(GOOD, SIGN, back) == [("b", "back_to", "back_over_sign")]


def test_a_letter_is_not_passed_over_without_its_draft_and_signature():
    def by(step: Ask, policy: Nobody) -> Ask:
        others = ("right:operate",) if policy == "hand" else ()
        return replace(step, who=replace(step.who, if_nobody=policy, instead=others))

    assert of_letter(by(SIGN, "hand")) == []
    assert of_letter(by(SIGN, "pass")) == [("s", "instead", "nobody_must")]
    begun = as_letter(Chain("c1", "ก")).steps[0]
    assert isinstance(begun, Ask)
    for policy in ("pass", "hand"):
        assert codes(by(begun, policy), SIGN, **LETTER) == [("draft", "instead", "nobody_must")]
    assert "nobody_must" in words.FAULTS


@pytest.mark.parametrize("kind", ["field", "formula"])
def test_no_approval_is_passed_over_for_what_its_starter_typed(kind: WhoKind):
    value = "amount" if kind == "field" else '[if amount > 1 then "role:x" else null]'
    typed = Who(kind, (value,), if_nobody="pass")
    for asked in ("approve", "proofread"):
        step = replace(GOOD, who=typed, kind=asked)
        assert ("a", "instead", "nobody_typed") in codes(step)
        own = replace(step, who=Who(kind, (value,), if_starter="pass"), not_starter=True)
        assert ("a", "instead", "nobody_typed") in codes(own)
    handed = replace(typed, if_nobody="hand", instead=("role:x",))
    opinion = replace(GOOD, kind="consult", who=typed)
    for step in (replace(GOOD, who=handed), opinion, Inform("i", "แจ้ง", typed)):
        assert "nobody_typed" not in [code for _step, _field, code in codes(step)]
    assert "nobody_typed" in words.FAULTS


def test_what_happens_where_nobody_can_do_it_is_told():
    handed = replace(BOSS, if_nobody="hand", instead=("role:x", "right:operate"))
    for who, thai, english in (
        (replace(BOSS, if_nobody="pass"), "ถ้าไม่มีผู้ทำให้ข้ามขั้นนี้", "passes if nobody can do it"),
        (handed, "ถ้าไม่มีผู้ทำให้ role:x และ ผู้ดูแลเรื่อง ทำแทน",
         "if nobody can do it, role:x and the operators does"),
    ):  # fmt: skip
        for step in (replace(GOOD, who=who), Inform("i", "แจ้ง", who)):
            assert thai in words.sentence(step, chain(step), str, False)
            assert english in words.sentence(step, chain(step), str, True)


def test_a_call_of_nothing_yet_says_so():
    told = [words.sentence(Call("c", "x", ""), chain(), str, english) for english in (False, True)]
    assert told == [
        "เดินกระบวนการ (ยังไม่ระบุ) จนจบ แล้วเดินต่อ",
        "Runs a process (none chosen yet) to its end, then goes on",
    ]


def test_a_letter_is_drafted_first_and_signed_at_last():
    assert codes(GOOD, **LETTER) == [("", "steps", "draft_first"), ("", "steps", "sign_missing")]
    assert codes(SIGN, DRAFT, **LETTER) == [("", "steps", "draft_first")]
    both = Together("t", "ก", (Branch("1", (SIGN,)), Branch("2", (GOOD,))))
    assert of_letter(both) == [("s", "kind", "sign_parallel")]
    assert of_letter(SIGN, GOOD) == [("a", "refusal", "refuse_after_sign")]
    way = Choose("c", "ก", (Branch("ก", (SIGN,), "urgency > 1"), Branch("ข", ())))
    aside = Together("t", "ก", (Branch("1", (GOOD,)), Branch("2")))
    assert of_letter(way, aside) == [("a", "refusal", "refuse_after_sign")]
    assert of_letter(GOOD, SIGN, replace(GOOD, id="b", refusal="none", outcomes=YES_NO[:1])) == []


def test_only_steps_by_which_letters_know_writers_write():
    letter = as_letter(Chain("c1", "ก"))
    for _each in range(3):
        letter = insert(letter, ":1", new_step(letter, "proofread"))
    assert [step.id for step in letter.walk()] == ["draft", "proofread1", "check", "proofread"]
    assert of_letter(*letter.steps[1:], SIGN) == [("proofread1", "id", "writes")]
    begun = as_letter(Chain("c1", "ก", (SIGN,)))
    assert codes(*begun.steps, **LETTER) == []
    assert as_letter(begun) == begun


@pytest.mark.parametrize("key", ["a_outcome", "a_outcomes", "a_asked", "c1_sent_back"])
def test_no_field_is_called_as_what_the_process_sets(key: str):
    back = replace(GOOD, id="b", refusal="back", back_to="a", to_me=True)
    assert codes(GOOD, back, fields=(Field(key, "ก"),)) == [("", f"field.{key}", "field_key")]


def test_faults_of_the_chain_itself():
    assert codes() == [("", "steps", "no_steps")]
    assert codes(GOOD, key="ก") == [("", "key", "key")]
    assert codes(GOOD, title="none") == [("", "title", "field_unknown")]
    twice = (Field("a", "ก"), Field("a", ""), Field("b", "ข", "choice"))
    assert {code for _step, _field, code in codes(GOOD, fields=twice)} == {
        "field_key", "label", "options",
    }  # fmt: skip


def test_a_refusal_leaves_parallel_work_but_passes_nobody_who_was_informed():
    back = replace(GOOD, id="b", refusal="back", back_to="a")
    both = Together("t", "ก", (Branch("1", (back,)), Branch("2", (replace(GOOD, id="d"),))))
    assert codes(GOOD, both) == []
    told = [words.sentence(back, chain(GOOD, both), str, english) for english in (False, True)]
    assert told[0].endswith("กลับไป “เห็นชอบ” ทางอื่นที่ทำพร้อมกันยุติ")
    assert told[1].endswith("goes back to “เห็นชอบ”, which ends the other ways")
    told_outside = replace(both, branches=(*both.branches, Branch("3", (INFORM,))))
    assert codes(GOOD, told_outside) == []
    assert codes(GOOD, told_outside, replace(back, id="e")) == []
    apart = replace(told_outside, branches=told_outside.branches[1:])
    assert codes(GOOD, apart, replace(back, id="e")) == [("e", "back_to", "back_over_inform")]
    other = Together("t", "ก", (Branch("1", (GOOD,)), Branch("2", (back,))))
    assert codes(other) == [("b", "back_to", "back_to")]
    assert codes(GOOD, Choose("t", "ก", (Branch("1", (back,), "amount > 1"), Branch("2")))) == []
    assert codes(GOOD, INFORM, back) == [("b", "back_to", "back_over_inform")]


def test_what_leaves_parallel_work_leaves_one_card_only():
    inner = replace(GOOD, id="d")
    mixed = replace(CHOSEN, may=("end", "a", "d"))
    whole = Together("t", "ก", (Branch("1", (inner, mixed)), Branch("2")))
    assert codes(GOOD, whole) == [("c", "may", "may_mixed")]
    deep = Together("u", "ข", (Branch("1", (replace(CHOSEN, may=("end", "d")),)), Branch("2")))
    back = replace(GOOD, id="b", refusal="back", back_to="a")
    whole = Together("t", "ก", (Branch("1", (inner, deep)), Branch("2", (back,))))
    assert codes(GOOD, whole) == [("c", "may", "may_mixed")]
    late = replace(CHOSEN, due=Due(Span(1), late="refuse"))
    assert codes(GOOD, late) == []
    whole = Together("t", "ก", (Branch("1", (late,)), Branch("2")))
    assert codes(GOOD, whole) == [("c", "due", "late_choice")]
    assert {"may_mixed", "late_choice"} <= set(words.FAULTS)


CHOSEN = replace(
    GOOD,
    id="c",
    refusal="chosen",
    may=("end", "start", "a"),
    outcomes=outcomes_of("approve", refusal=True),
)


def test_whoever_refuses_chooses_from_what_the_card_allows():
    assert codes(GOOD, CHOSEN) == []
    told = [words.sentence(CHOSEN, chain(GOOD, CHOSEN), str, english) for english in (False, True)]
    assert told[0].endswith("ถ้าไม่เห็นชอบ ผู้ทำเลือกเองจาก ให้เรื่องจบ, คืนผู้เริ่มเรื่อง หรือ คืน “เห็นชอบ”")
    assert told[1].endswith(
        "whoever refuses chooses from the end of the matter, whoever started it or “เห็นชอบ”"
    )
    assert may_choose(chain(GOOD, CHOSEN), CHOSEN) == ["end", "start", "a"]


@pytest.mark.parametrize(("changes", "fault"), [
    ({"may": ()}, ("c", "outcomes", "refusal_way")), ({"may": ("end",)}, ("c", "may", "may")),
    ({"may": ("end", "a", "a")}, ("c", "may", "may")), ({"refusal": "end"}, ("c", "may", "may")),
    ({"may": ("end", "z")}, ("c", "back_to", "back_to")),
    ({"may": ("end", "c")}, ("c", "back_to", "back_to")),
    ({"may": ("a",)}, ("c", "outcomes", "refusal_way")),
])  # fmt: skip
def test_a_choice_that_cannot_be(changes: dict[str, object], fault: tuple[str, str, str]):
    assert fault in codes(GOOD, replace(CHOSEN, **changes))
    assert fault[2] in words.FAULTS


def test_several_choose_and_those_who_are_missing_choose_nothing():
    for how in ("all", "in_order", "first", "share"):
        assert codes(GOOD, replace(CHOSEN, how=how)) == []
    share = replace(CHOSEN, how="share", share=60)
    said = words.sentence(share, chain(share), str, True)
    assert said.endswith("(of several, the last to send it back)")
    passed = replace(share, who=replace(BOSS, if_nobody="pass"))
    assert codes(GOOD, passed) == []
    only_back = replace(passed, may=("a",), outcomes=YES_NO[:1])
    assert codes(GOOD, only_back) == [("c", "may", "may_end")]
    assert codes(GOOD, replace(only_back, how="all")) == []
    assert "may_end" in words.FAULTS


def test_a_choice_goes_where_a_refusal_may_go():
    assert codes(GOOD, Together("t", "ก", (Branch("1", (CHOSEN,)), Branch("2")))) == []
    assert codes(GOOD, Inform("i", "แจ้ง", BOSS), replace(CHOSEN, may=("end", "start"))) == [
        ("c", "back_to", "back_over_inform")
    ]
    letter = [DRAFT, replace(CHOSEN, may=("end", "draft")), SIGN]
    assert codes(*letter, **LETTER) == []
    letter[1] = replace(CHOSEN, may=("end", "start"))
    assert codes(*letter, **LETTER) == [("c", "back_to", "back_to")]
    after = replace(CHOSEN, may=("end", "c2"))
    assert ("c", "refusal", "refuse_after_sign") in of_letter(SIGN, after)


def test_only_what_goes_back_can_come_straight_again():
    assert codes(replace(GOOD, to_me=True)) == [("a", "back_to", "back_to")]
    back = replace(GOOD, id="b", refusal="back", back_to="a", to_me=True)
    assert codes(GOOD, back) == []
    assert "กลับไป “เห็นชอบ” แล้วส่งตรงกลับมา" in words.sentence(back, chain(GOOD, back), str, False)


def test_where_a_refusal_may_go():
    assert [step.id for step in may_go_back_to(PURCHASE, "units")] == ["head", "revise"]
    assert may_go_back_to(PURCHASE, "revise") == []


def test_each_card_says_itself_in_a_sentence():
    said = {
        step.id: [
            words.sentence(step, PURCHASE, lambda name: name.partition(":")[2], english)
            for english in (False, True)
        ]
        for step in PURCHASE.walk()
    }
    assert said["head"] == [
        "ให้ ผู้บังคับบัญชาของผู้เริ่มเรื่อง พิจารณาเห็นชอบ ภายใน 1 วันทำการ เตือนเมื่อถึงครึ่งเวลา"
        " ถ้าพ้นกำหนดให้ผู้บังคับบัญชาทำได้ด้วย"
        " ถ้าไม่เห็นชอบกลับไป “ตรวจคำขอ”",
        "The starter's superior approves, within 1 working day, reminded halfway; when time is up,"
        " let the superior act as well, a refusal goes back to “ตรวจคำขอ”",
    ]
    assert said["units"][0] == (
        "ให้ finance-head และ legal-head ให้ความเห็น ทุกคน พร้อมกัน ภายใน 2 วันทำการ"
        " ถ้าพ้นกำหนดให้เรื่องเดินต่อ ถ้าไม่เห็นชอบเรื่องจบ"
    )
    assert said["told"] == [
        "แจ้ง finance เพื่อทราบ เรื่องเดินต่อโดยไม่รอ", "Tells finance, and goes on without waiting",
    ]  # fmt: skip
    told = Inform("t", "แจ้ง", Who("superior"), due=Due(Span(3), remind=True, late="pass"))
    assert [words.sentence(told, PURCHASE, str, english) for english in (False, True)] == [
        "แจ้ง ผู้บังคับบัญชาของผู้เริ่มเรื่อง เพื่อทราบ เรื่องเดินต่อโดยไม่รอ ให้รับทราบภายใน 3 วันทำการ"
        " เตือนเมื่อถึงครึ่งเวลา ถ้าพ้นกำหนดเลิกรอการรับทราบ",
        "Tells the starter's superior, and goes on without waiting, to be acknowledged within 3"
        " working days, reminded halfway; when time is up, wait for it no more",
    ]
    late = replace(told, due=Due(Span(3), late="refuse"))
    assert codes(GOOD, late) == [("t", "due", "late_refusal")]
    assert all(text for pair in said.values() for text in pair)
    first, no = outcomes_of("approve", refusal=True)
    asked = replace(GOOD, outcomes=(replace(first, reason=True), no), refusal="end", confirm=True)
    chain = Chain("c", "ส", (asked,))
    thai, english = (words.sentence(asked, chain, str, one) for one in (False, True))
    assert "ต้องเขียนความเห็นเมื่อกด “เห็นชอบ”" in thai
    assert "ต้องยืนยันตัวตนก่อนตอบ" in thai
    assert "an opinion is required with “Approve”" in english
    assert "proving anew to be themselves" in english


@pytest.mark.parametrize(
    ("kind", "typed", "feel"),
    [
        ("number", "100,000", "f > 100000"), ("number", "-1.5", "f > -1.5"),
        ("text", " ของ ", 'f > "ของ"'), ("check", "ใช่", "f > true"),
        ("date", "2026-12-01", 'f > date("2026-12-01")'),
        ("number", "๑๐๐,๐๐๐.๕", "f > 100000.5"), ("text", "ชั้น ๒", 'f > "ชั้น ๒"'),
        ("date", "๒๐๒๖-๑๒-๐๑", 'f > date("2026-12-01")'), ("files", " ๓ ", "count(f) > 3"),
    ],
)  # fmt: skip
def test_a_simple_condition_is_written_and_read(kind, typed: str, feel: str):
    field = Field("f", "ช่อง", kind)
    written = write_test(Test("f", ">", typed), field)
    assert written == feel
    found = read_test(written, {"f": field}.get)
    assert found is not None
    assert write_test(found, field) == feel


def test_a_value_that_does_not_fit_is_refused():
    for kind, value in (
        ("number", "1e9"), ("text", 'a"b'), ("date", "20260101"), ("date", "2026-W01-1"),
        ("date", ""), ("files", "มี"), ("files", "1.5"),
    ):  # fmt: skip
        field = Field("f", "", kind)
        with pytest.raises(ValueError, match=r"."):
            write_test(Test("f", "=", value), field)
    assert read_test('amount > 1 or "x" = "x"', chain(GOOD).field) is None


@pytest.mark.parametrize("condition", [
    "amount > ๑๐๐", 'amount > "100"', 'day > date("20260101")', 'day > date("2026-02-30")',
])  # fmt: skip
def test_a_condition_that_could_never_be_told_is_a_fault(condition: str):
    fields = (Field("amount", "วงเงิน", "number"), Field("day", "วันที่", "date"))
    branches = (Branch("สูง", (GOOD,), condition), Branch("นอกจากนั้น"))
    found = codes(Choose("fork", "ทาง", branches), fields=fields)
    assert ("fork", "branch.0", "condition") in found


def test_a_condition_is_told_with_its_label():
    assert told("amount > 100000.5", chain(), english=False) == "วงเงิน เกิน 100,000.5"
    assert told("amount > -0.5", chain(), english=False) == "วงเงิน เกิน -0.5"
    assert told("count(x) > 1", chain(), english=False) == "count(x) > 1"


PAPERS = Field("papers", "ใบเสนอราคา", "files", required=False, several=True, accept=".pdf")


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("count(papers) >= 1", []),
        ('count(papers) = 0 and subject != "papers = 1"', []),
        ('some one in papers satisfies one.type = "application/pdf"', []),
        ("papers[1].size > 1000", []),
        ("papers = true", ["files_asked"]),
        ('papers = "มี"', ["files_asked"]),
        ("papers != null", ["files_asked"]),
        ("0 < papers", ["files_asked"]),
        ("count(papers) >= 1 and papers = 1", ["files_asked"]),
    ],
)
def test_a_condition_asks_how_many_files_there_are(condition: str, found: list[str]):
    fields = (PAPERS, Field("subject", "เรื่อง"))
    branches = (Branch("มี", (GOOD,), condition), Branch("นอกจากนั้น"))
    told = codes(Choose("fork", "ทาง", branches), fields=fields)
    assert told == [("fork", "branch.0", code) for code in found]


def test_what_files_cannot_be_is_a_fault():
    fields = (PAPERS, replace(PAPERS, key="odd", accept=".exe"), Field("a", "ก", several=True))
    ways = (Branch("ก", (), 'm_way = "ก"'), Branch("ข"))
    matrix = Matrix("m", "ตาราง", ways, columns=("papers",))
    found = codes(GOOD, matrix, fields=fields, title="papers")
    assert {("", "title", "title_files"), ("", "field.odd", "accept"), ("", "field.a", "accept"),
            ("m", "columns", "files_column")} <= set(found)  # fmt: skip


@pytest.mark.parametrize(("condition", "thai", "english"), [
    ("count(papers) >= 1", "มีไฟล์ใน “ใบเสนอราคา”", "there is a file in “ใบเสนอราคา”"),
    ("count(papers) = 0", "ไม่มีไฟล์ใน “ใบเสนอราคา”", "there is no file in “ใบเสนอราคา”"),
    ("count(papers) < 3", "จำนวนไฟล์ใน “ใบเสนอราคา” น้อยกว่า 3",
     "the number of files in “ใบเสนอราคา” is less than 3"),
])  # fmt: skip
def test_a_condition_on_files_is_told(condition: str, thai: str, english: str):
    asked = chain(GOOD, fields=(PAPERS,))
    assert (told(condition, asked, False), told(condition, asked, True)) == (thai, english)
