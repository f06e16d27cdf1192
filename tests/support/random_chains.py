"""Random approval chains that can run in the small office of `builders`, for hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from hypothesis import strategies as st
from support import random_matrices

from engine.ports import Action, JobInput, JobOutput
from office.chains import words
from office.chains.answers import write_said
from office.chains.asking import INPUTS
from office.chains.model import (
    END,
    FIND,
    GO_PAST,
    STARTER,
    Act,
    Ask,
    Branch,
    Call,
    Chain,
    Choose,
    Due,
    Field,
    Inform,
    Nobody,
    Outcome,
    Own,
    Span,
    Step,
    Together,
    Wait,
    Who,
)

FIELDS = (
    Field("subject", "เรื่อง"),
    Field("amount", "วงเงิน (บาท)", "number"),
    Field("boss", "ผู้บังคับบัญชา", "person"),
    Field("kind", "ชนิด", "choice", options=("ของ", "งาน")),
    Field("day", "วันที่ต้องใช้", "date"),
    Field("notes", "หมายเหตุ", "lines", required=False),
    Field("hurry", "ด่วน", "check", required=False),
    Field("papers", "เอกสาร", "files", required=False, several=True, accept=".pdf"),
)
VALUES = {
    "subject": "เก้าอี้", "amount": 150_000, "boss": "malee", "kind": "ของ", "day": "2026-12-08",
    "notes": None, "hurry": True, "papers": [],
}  # fmt: skip
#: nobody who starts chains is the only one behind any of these
POSTS = ("position:head", "position:director", "person:malee", "role:officer", "unit:desk")
MEMBERS = (("role:officer",), ("unit:desk", "role:officer"))
FORMULA = 'if amount > 100 then ["position:head"] else ["person:malee"]'
CONDITIONS = (
    "amount > 100000", "amount <= 5000", 'kind = "ของ"', "hurry = true", "hurry and amount > 1",
    "count(papers) >= 1",
)  # fmt: skip
NOTES = st.sampled_from(["", "อ่านระเบียบก่อน", "<b>&"])
NAMES = st.text("กขคง <&\"'", min_size=1, max_size=8).map(
    lambda text: " ".join(f"ก {text}".split())
)
SPANS = st.builds(
    Span, st.integers(1, 30), st.sampled_from(["hours", "days"]), working=st.booleans()
)
POLICIES: tuple[Nobody, ...] = ("stop", "stop", "pass", "hand")
OWNS: tuple[Own, ...] = ("same", "same", "stop", "pass", "superior", "hand")
CALLED, ACTION = "sub", "test.echo"
#: a role that nobody has
GONE = "role:gone"


def _find(job: JobInput) -> JobOutput:
    """Those who are named, but nobody behind a role that nobody has; the same two by any rule."""
    named = job.payload.get("of") if job.payload["kind"] == "named" else None
    found = [one for one in named if one != GONE] if named else ["position:head", "person:malee"]
    return JobOutput({"people": found})


#: whom every rule of the organisation finds there
FOUND = Action(
    FIND,
    _find,
    INPUTS,
    frozenset({"kind"}),
    drawn=True,
)
PAST = Action(GO_PAST, lambda _job: JobOutput(), drawn=True)


@dataclass(frozen=True)
class Place:
    """Where a card stands. A refusal may go back to the steps `before` it on the same way, to those
    `outer` before the parallel work that it leaves, and where `starter` says so, to the beginning.
    `leaves`: it stands in parallel work that refusals leave.
    """

    before: tuple[Step, ...] = ()
    outer: tuple[Step, ...] = ()
    starter: bool = True
    leaves: bool = False

    def behind(self, steps: Sequence[Step]) -> Place:
        return replace(self, before=(*self.before, *steps))

    def apart(self, leaves: bool) -> Place:
        """On a way of parallel work."""
        if self.leaves:
            return replace(self, before=())
        return Place((), self.before, self.starter, True) if leaves else Place(starter=False)

    def pools(self) -> list[list[str]]:
        """What whoever refuses can choose from: steps on the way, or those that leave it."""
        own = _pool(self.before, self.starter and not self.leaves)
        return [own, _pool(self.outer, self.starter and self.leaves)]


def _pool(steps: Sequence[Step], starter: bool) -> list[str]:
    starts = [STARTER] if starter and not _informs(steps) else []
    return [one.id for one in _backs(steps)] + starts


@st.composite
def chains(make: Any) -> Chain:
    steps = make(rows(2, count(1), Place(), True))
    fields = make(st.sampled_from([FIELDS]))
    return Chain(
        "chain", make(NAMES), steps, fields, make(st.sampled_from(["", "subject"])),
        make(st.sampled_from(["", "officer"])), make(NOTES), english=make(st.booleans()),
    )  # fmt: skip


@st.composite
def rows(make: Any, depth: int, ids: Any, place: Place, least: bool) -> Any:
    """Steps in a row."""
    steps: list[Step] = []
    for _ in range(make(st.integers(1 if least else 0, 3 if depth else 2))):
        steps.append(make(cards(depth, ids, place.behind(steps))))
    return tuple(steps)


EDITS = st.sampled_from([(), ("amount",), ("amount", "notes"), ("papers",)])
HIDES = st.sampled_from([(), ("day",), ("day", "hurry")])


@st.composite
def cards(make: Any, depth: int, ids: Any, place: Place) -> Step:
    kinds = ["ask"] * 5 + ["wait", "call", "act"]
    kinds += ["choose", "together", "matrix"] if depth else []
    kinds += ["inform"]
    kind, id_, name, note = make(st.sampled_from(kinds)), f"s{next(ids)}", make(NAMES), make(NOTES)
    match kind:
        case "ask":
            return make(asks(id_, name, note, place))
        case "inform":
            lates = st.sampled_from(["wait", "superior", "pass"])
            due = make(st.none() | st.builds(Due, SPANS, remind=st.booleans(), late=lates))
            return Inform(id_, name, make(whos(place.before)), note, make(HIDES), due)
        case "wait":
            until = make(st.booleans())
            return Wait(id_, name, None if until else make(SPANS), "day" if until else "", note)
        case "call":
            return Call(id_, name, CALLED, note)
        case "act":
            return Act(id_, name, ACTION, (("text", '="x"'),), note)
    ways = make(st.integers(2, 3))
    if kind == "matrix":
        hit = make(st.sampled_from(["unique", "first", "all"]))
        inner = place.apart(make(st.booleans())) if hit == "all" else place
        inside = [make(rows(depth - 1, ids, inner, False)) for _ in range(ways)]
        return make(random_matrices.matrices(id_, name, note, hit, inside, FIELDS))
    inner = place if kind == "choose" else place.apart(make(st.booleans()))
    said = [
        write_said(step, one.id) for step in place.before
        if isinstance(step, Ask) and (step.due is None or step.due.late != "pass")
        for one in step.outcomes if step.how != "one" or not one.refuses
    ]  # fmt: skip
    asked = st.sampled_from([*CONDITIONS, *said])
    conditions = [make(asked) for _ in range(ways - 1)] + [""]
    branches = tuple(
        Branch(make(NAMES), make(rows(depth - 1, ids, inner, False)), condition)
        if kind == "choose"
        else Branch(make(NAMES), make(rows(depth - 1, ids, inner, False)))
        for condition in conditions
    )
    return Choose(id_, name, branches, note) if kind == "choose" else Together(
        id_, name, branches, note
    )  # fmt: skip


@st.composite
def whos(make: Any, before: tuple[Step, ...] = (), several: bool = False) -> Who:
    who, policy = make(rules_of_people(before, several)), make(st.sampled_from(POLICIES))
    if policy == "stop":
        return who
    if who.kind == "named" and make(st.booleans()):
        who = replace(who, values=(GONE,))
    others = make(st.sampled_from([("person:malee",), ("position:head", "role:officer")]))
    return replace(who, if_nobody=policy, instead=others if policy == "hand" else ())


@st.composite
def rules_of_people(make: Any, before: tuple[Step, ...], several: bool) -> Who:
    kinds = ["named", "named", "head", "members", "ladder", "field", "formula"]
    kinds += [] if several else ["starter", "superior"]
    namers = [
        step for step in before
        if isinstance(step, Ask) and step.how == "one" and not step.who.passes
        and (step.due is None or step.due.late != "pass") and not step.skip_same
    ]  # fmt: skip
    kinds += ["appointed", "appointed"] if namers else []
    # nobody did what passed by its deadline, so nobody could do the next
    done = [
        step for step in before
        if isinstance(step, Ask) and (step.due is None or step.due.late != "pass")
        and not step.who.passes
    ]  # fmt: skip
    match make(st.sampled_from(kinds + (["performer"] if done and not several else []))):
        case "named":
            return Who("named", tuple(make(st.lists(st.sampled_from(POSTS), min_size=1,
                                                    max_size=3, unique=True))))  # fmt: skip
        case "head":
            return Who("head", ("unit:desk",))
        case "members":
            return Who("members", make(st.sampled_from(MEMBERS)))
        case "ladder":
            return Who("ladder", rank=make(st.sampled_from(["division", "head"])))
        case "field":
            return Who("field", ("boss",))
        case "formula":
            return Who("formula", (FORMULA,))
        case "appointed":
            return Who("appointed", (make(st.sampled_from(namers)).id,))
        case "performer":
            return Who("performer", (make(st.sampled_from(done)).id,))
        case "superior":
            return Who("superior", level=make(st.integers(1, 2)))
        case _:
            return Who("starter")


@st.composite
def asks(make: Any, id_: str, name: str, note: str, place: Place) -> Ask:
    before = place.before
    kind = make(st.sampled_from(["approve", "proofread", "consult"]))
    how = make(st.sampled_from(["one", "one", "all", "in_order", "share", "first"]))
    who = make(whos(before, how != "one"))
    typed = who.kind in ("field", "appointed", "formula")
    if kind != "consult" and who.if_nobody == "pass" and typed:
        who = replace(who, if_nobody="stop")
    pools = [pool for pool in place.pools() if pool]
    backs = [one for pool in pools for one in pool if one != STARTER]
    # a plain refusal goes to the beginning where whoever refuses could choose that
    if any(STARTER in pool for pool in pools):
        backs.append(STARTER)
    choices = ["none", "end"] + (["back"] if backs else [])
    refusal = make(st.sampled_from(choices + (["chosen"] if pools else [])))
    chosen: list[str] = []
    if refusal == "chosen":
        pool = make(st.sampled_from(pools))
        chosen = make(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
    must_end = how == "share" and who.if_nobody == "pass"
    ends = refusal == "chosen" and (must_end or make(st.booleans()))
    refuses = refusal in ("end", "back") or ends
    left = bool(chosen) and place.leaves and chosen[0] in place.pools()[1]
    lates = ["wait", "superior", "pass"] + (["refuse"] if refuses and not left else [])
    due = st.builds(Due, SPANS, remind=st.booleans(), late=st.sampled_from(lates))
    edits = make(EDITS) if how == "one" else ()
    hides = make(HIDES)
    not_starter = who.kind == "named" and make(st.booleans())
    who = make(owns(who)) if not_starter else who
    # of several each gets a task of their own, and one who is barred from it is the only one for it
    many = how == "one" and who.kind == "named" and "unit:desk" in who.values and not not_starter
    skips = make(st.booleans())
    return Ask(
        id_, kind, name, who, make(buttons(kind, refuses)), how,
        make(st.integers(1, 100)) if how == "share" else 100,
        make(st.none() | due), refusal,
        make(st.sampled_from(backs)) if refusal == "back" else "",
        refusal == "back" and make(st.booleans()),
        edits, hides, not_starter, make(others(before)) if many else (), skips, note,
        (*((END,) if ends else ()), *chosen), not skips and kind != "sign" and make(st.booleans()),
    )  # fmt: skip


@st.composite
def owns(make: Any, who: Who) -> Who:
    """With what is done where only the starter could do it."""
    policy = make(st.sampled_from(OWNS))
    others = make(st.sampled_from([("person:malee",), ("position:head", "role:officer")]))
    return replace(who, if_starter=policy, instead_of_starter=others if policy == "hand" else ())


@st.composite
def buttons(make: Any, kind: Any, refuses: bool) -> tuple[Outcome, ...]:
    """The usual ones, and maybe more of either kind."""
    usual = words.outcomes_of(kind, refusal=refuses)
    more = Outcome("answer1", "มีเงื่อนไข", "With conditions", make(st.booleans()))
    no = Outcome("refuse_1", "ไม่อยู่ในอำนาจ", "Not mine to decide")
    on = (more,) if make(st.booleans()) else ()
    going_on = tuple(one for one in usual if not one.refuses)
    return (
        *going_on, *on, *(one for one in usual if one.refuses),
        *((no,) if refuses and make(st.booleans()) else ()),
    )  # fmt: skip


def others(before: tuple[Step, ...]) -> Any:
    """Steps whose performers may not do this one: there are four at the desk."""
    ids = [step.id for step in before if isinstance(step, Ask)]
    return (
        st.lists(st.sampled_from(ids), max_size=2, unique=True).map(tuple) if ids else st.just(())
    )


def _backs(before: Sequence[Step]) -> list[Ask]:
    """The nearest steps that somebody does: none behind somebody who was only informed."""
    found: list[Ask] = []
    for step in reversed(before):
        if any(isinstance(one, Inform) for one in _all(step)):
            break
        if isinstance(step, Ask):
            found.append(step)
    return found


def _informs(steps: Sequence[Step]) -> bool:
    return any(isinstance(one, Inform) for step in steps for one in _all(step))


def _all(step: Step) -> list[Step]:
    inner = getattr(step, "branches", ())
    return [step, *(one for branch in inner for each in branch.steps for one in _all(each))]
