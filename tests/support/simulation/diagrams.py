"""The processes of the simulated office: small, and with something of everything that waits."""

from __future__ import annotations

from support.builders import assigned, extension, outcomes
from support.diagrams import (
    both,
    boundary,
    bpmn,
    call,
    catch,
    each,
    end,
    error,
    first,
    flow,
    message,
    on,
    path,
    process,
    script,
    service,
    signal,
    start,
    throw,
    timer,
    user,
    xor,
)

_DESK = assigned("unit", "desk")
LETTER = bpmn(
    message("Told"),
    error("E1"),
    process(
        "letter",
        start("begin"),
        user("draft", extensions=_DESK + extension("due", value="PT4H")
             + extension("reminder", at="0.5") + extension("escalation", to="superior")),
        both("split"),
        user("check", extensions=assigned("role", "officer")),
        boundary("late", "check", timer(duration="PT2H")),
        user("hurry", extensions=_DESK), xor("checked"),
        service("act", "test.act", into="acted", text="business_key"),
        boundary("failed", "act", on("error", "E1")), user("mend", extensions=_DESK), xor("acted"),
        both("join"),
        user("approve", extensions=assigned("position", "head") + outcomes("pass", "stop")
             + extension("return", to="draft")),
        xor("decided", default="decided-stop"), end("stop"),
        throw("tell", on("message", "Told")), end("told"),
        path("begin", "draft", "split", "check", "checked", "join", "approve", "decided", "stop"),
        path("late", "hurry", "checked"), path("split", "act", "acted", "join"),
        path("failed", "mend", "acted"), path("tell", "told"),
        flow("decided", "draft", when='outcome = "return"'),
        flow("decided", "tell", when='outcome = "pass"'),
    ),
)  # fmt: skip
TALK = bpmn(
    message("Answer"), message("Recall"), signal("Bell"),
    process(
        "talk",
        start("begin"), both("split"), both("join"),
        first("which"), catch("answered", on("message", "Answer")),
        catch("waited", timer(duration="PT3H")), xor("either"),
        user("talk_over", extensions=_DESK),
        boundary("recall", "talk_over", on("message", "Recall"), interrupting=False),
        user("explain", extensions=_DESK), end("explained"),
        call("inside", "inner"),
        user("each", each("=[1, 2, 3]", "one"), extensions=_DESK),
        catch("rung", on("signal", "Bell")), boundary("silence", "each", timer(duration="PT9H")),
        xor("over"), end("end"),
        path("begin", "split", "which", "answered", "either", "talk_over", "join", "end"),
        path("which", "waited", "either"), path("recall", "explain", "explained"),
        path("split", "inside", "join"), path("split", "each", "over", "rung", "join"),
        path("silence", "over"),
    ),
    process(
        "inner",
        start("in"), script("count", "{n: 1}"), user("look", extensions=_DESK), end("out"),
        path("in", "count", "look", "out"),
    ),
)  # fmt: skip
FILE = bpmn(
    message("Told"), signal("Bell"),
    process(
        "file",
        start("told", on("message", "Told")), user("file_it", extensions=_DESK),
        throw("ring", on("signal", "Bell")), end("filed"), path("told", "file_it", "ring", "filed"),
    ),
)  # fmt: skip
ROUND = bpmn(
    process(
        "round",
        start("morning", timer(cycle="R4/PT5H")), service("act", "test.act", text="business_key"),
        end("done"), path("morning", "act", "done"),
    ),
)  # fmt: skip
#: processes that a person starts
STARTED = ("letter", "letter", "talk")
