"""A diagram damaged anywhere is refused with its problems, or runs: nothing else ever happens."""

from __future__ import annotations

import copy
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from support.diagrams import (
    both,
    boundary,
    bpmn,
    call,
    catch,
    each,
    end,
    error,
    event_subprocess,
    first,
    flow,
    message,
    on,
    path,
    process,
    script,
    service,
    some,
    start,
    subprocess,
    timer,
    user,
    xor,
)
from support.walking import ACTIONS, NoForms, Walk, compiled

from engine import runtime

_INNER = (start("is"), user("i"), end("bad", on("error", "E1")), path("is", "i", "bad"))
_BESIDE = event_subprocess(
    "h", start("hs", on("message", "M"), interrupting=False), user("r"), end("he"),
    path("hs", "r", "he"),
)  # fmt: skip
MODEL = bpmn(
    message("M"),
    error("E1"),
    process(
        "p", start("s"), both("f"), end("e"), _BESIDE,
        subprocess("sub", each("=[1, 2]", "one", collect=("all", "mine"), until="false"), *_INNER),
        boundary("b", "sub", on("error", "E1")), xor("x"), path("f", "sub", "e"),
        path("b", "x", "e"),
        first("g"), catch("t", timer(duration="PT1H")), catch("m", on("message", "M")),
        some("in", "in-z"), user("z"), user("y"), some("jn"), service("j", "test.do", a="=1"),
        call("c", "q"), path("s", "f", "g", "t", "in", "z", "jn", "j", "c", "e"),
        path("g", "m", "in"), flow("in", "y", when="true"), path("y", "jn"),
    ),
    process("q", start("qs"), script("qq", "{a: 1}"), end("qe"), path("qs", "qq", "qe")),
)  # fmt: skip
TEXTS = ["", "=", "x", "=1 +", "PT1H", "true"]


def damaged(chance: random.Random) -> bytes:
    root = etree.fromstring(MODEL)
    for _ in range(chance.randint(1, 2)):
        inside = [element for element in root.iter(etree.Element) if element is not root]
        element, other = chance.choice(inside), chance.choice(inside)
        _damage(chance, element, other)
    return etree.tostring(root)


def _damage(chance: random.Random, element: etree._Element, other: etree._Element) -> None:
    name = chance.choice(list(element.attrib) or [""])
    match chance.randrange(7):
        case 0:
            element.getparent().remove(element)
        case 1:
            element.addnext(copy.deepcopy(element))
        case 2 if name:
            del element.attrib[name]
        case 3 if name and other.attrib:
            element.attrib[name] = chance.choice(list(other.attrib.values()))
        case 4 if other is not element and element not in other.iter():
            element.append(copy.deepcopy(other))
        case 5:
            element.tag = other.tag
        case _:
            element.text = chance.choice(TEXTS)


def wander(walk: Walk, chance: random.Random) -> None:
    """Whatever waits goes on, a dozen times; the walk itself checks the bookkeeping."""
    for _ in range(12):
        if walk.open:
            walk.complete(chance.choice(walk.open))
        elif walk.timers:
            walk.fire(next(iter(walk.timers.values())).element_id)
        elif walk.subscriptions:
            walk.hear(next(iter(walk.subscriptions.values())).element_id)
        elif walk.jobs:
            walk.report(next(iter(walk.jobs.values())).element_id)
        elif walk.stuck:
            walk.retry(walk.troubles[0][0])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_refused_with_problems_or_running(seed: int):
    chance = random.Random(seed)
    source = damaged(chance)
    problems = runtime.check({"m.bpmn": source}, actions=ACTIONS, forms=NoForms())
    assert all(p.message and p.mend and p.code for p in problems)
    if any(p.severity == "error" for p in problems):
        return
    bundle = compiled(source)
    for process_id in bundle.processes:
        wander(Walk(bundle, process_id), chance)


def test_the_whole_model_runs():
    wander(Walk(compiled(MODEL)), random.Random(0))
