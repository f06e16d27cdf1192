"""A draft is played press by press, by the steps that run instances, and nothing is kept."""

from __future__ import annotations

from typing import Any

from support.feel import NOW
from unit.modeling.test_cases import AGREED, FILES, START, WAY, Ticks

from engine.runtime import load_bundle
from forms.stored import StoredForms
from office.modeling.cases import Answer, Case
from office.modeling.deadline import Deadline
from office.modeling.playing import Played, as_test, play
from office.modeling.testing import Laboratory


def _lab(**said: Any) -> Laboratory:
    return Laboratory(load_bundle(FILES), "buy", StoredForms(), NOW, **said)


def _played(*answers: Answer, start: Any = START, **said: Any) -> Played:
    return play(_lab(**said), Case("", start=start, answers=answers))


def _waits(played: Played) -> list[tuple[str, str, int]]:
    return [(one.element, one.kind, one.tokens) for one in played.waiting]


def test_each_press_goes_on_from_what_waits_there() -> None:
    begun = _played()
    assert _waits(begun) == [("head", "task", 1)]
    assert [one.id for one in begun.waiting[0].outcomes] == ["agree", "refuse"]
    assert list(begun.waiting[0].names) == ["note"]
    kinds = [_waits(_played(*WAY[:n])) for n in (1, 2, 3)]
    assert kinds == [[("order", "job", 1)], [("wait", "message", 1)], [("rest", "timer", 1)]]
    done = _played(*WAY)
    assert (done.status, done.end, done.waiting) == ("completed", "done", [])
    assert (done.variables["verdict"], done.tokens) == ("agree", {})


def test_what_is_refused_leaves_the_play_where_it_was() -> None:
    refused = _played(Answer("head", "agree"))  # the form asks for a note
    assert refused.failure
    assert (refused.failure.code, refused.failure.at) == ("form", "head")
    assert (_waits(refused), list(refused.case.answers)) == ([("head", "task", 1)], [])
    elsewhere = _played(AGREED, Answer("wait"))
    assert elsewhere.failure
    assert elsewhere.failure.code == "not_waiting"
    assert list(elsewhere.case.answers) == [AGREED]
    wrong = _played(start={"amount": "7 +"})
    assert wrong.failure
    assert (wrong.failure.code, wrong.waiting) == ("value", [])


def test_a_stuck_token_stands_where_it_is_stuck() -> None:
    stuck = _played(start={"subject": '"A"'})
    assert stuck.failure
    assert stuck.failure.code == "stuck"
    assert stuck.tokens == {"who": 1}


def test_a_play_has_the_time_of_all_trials_together() -> None:
    late = _played(*WAY, deadline=Deadline(3, Ticks()))
    assert late.failure
    assert late.failure.code == "too_long"


def test_what_was_played_is_a_green_test() -> None:
    for answers, end in ((WAY, "done"), ((AGREED,), "wait"), ((), "head")):
        made = as_test(_lab(), Case("", start=START, answers=answers), "ซื้อ")
        assert (made.name, made.end) == ("ซื้อ", end)
        assert made.path[:2] == ("begin", "who")
        assert _lab().one(made).green, _lab().one(made).failures
