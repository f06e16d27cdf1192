"""Hostile inputs as data: each has an id, which begins with its class, and the bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from support.diagrams import (
    again,
    bpmn,
    call,
    catch,
    each,
    end,
    flow,
    message,
    path,
    process,
    receive,
    script,
    service,
    some,
    start,
    task,
    timer,
    times,
    xor,
)
from support.diagrams import condition as on_condition


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    source: bytes


CODE = (
    "__import__('os').system('id')", "exec('x=1')", "eval('1')()", "().__class__.__bases__[0]",
    "lambda: 1", "[x for x in range(9)]", "x = 1; y", "import os", "open('/etc/passwd').read()",
    "new java.lang.ProcessBuilder()", "${runtime.exec('id')}", "#{bean.call()}",
    "f'{x}'", "a := 1", "'one", "`id`", "$(id)", "{a: }", "for x in", "if a then",
    "x -> x", "a && b", "a || b", "!a", "while True: pass", "@decorator", "a\\b", "%d % 1",
    "(" * 100 + "1" + ")" * 100, "1" + "+1" * 3000,
    "function(x) external {java: {class: 'java.lang.Runtime'}}",
)  # fmt: skip


NUMBER = "9" * 5_000


def numbers() -> Iterator[Case]:
    """More digits than Python reads as a number."""
    straight = (start("s"), end("e"), path("s", "x", "e"))
    loop = again("true").replace("Characteristics>", f'Characteristics loopMaximum="{NUMBER}">', 1)
    yield Case("number-maximum", bpmn(process("p", task("x", loop), *straight)))
    yield Case("number-cardinality", bpmn(process("p", task("x", times(NUMBER)), *straight)))
    times_ = (("cycle", f"R{NUMBER}/PT1H"), ("cycle", f"R3/PT{NUMBER}H"),
              ("duration", f"P{NUMBER}D"), ("date", f"{NUMBER}-01-01T00:00:00Z"))  # fmt: skip
    for number, (kind, text) in enumerate(times_):
        waiting = catch("x", timer(**{kind: text}))
        yield Case(f"number-{kind}-{number}", bpmn(process("p", waiting, *straight)))


def hosts(code: str) -> Iterator[tuple[str, bytes]]:
    """A diagram for each place that holds an expression."""
    straight = (start("s"), end("e"), path("s", "x", "e"))
    yield "script", bpmn(process("p", script("x", code), *straight))
    yield "cardinality", bpmn(process("p", task("x", times(code)), *straight))
    yield "loop", bpmn(process("p", task("x", again(code, maximum=3)), *straight))
    for name in ("duration", "date", "cycle"):
        waiting = catch("x", timer(**{name: f"={code}"}))
        yield name, bpmn(process("p", waiting, *straight))
    for name, gateway in (("condition", xor), ("inclusive", some)):
        fork = (start("s"), gateway("x", "x-e"), end("e"), end("f"), path("s", "x", "e"))
        yield name, bpmn(process("p", *fork, flow("x", "f", when=code)))
    yield "collection", bpmn(process("p", task("x", each(f"={code}", "one")), *straight))
    yield "completion", bpmn(process("p", task("x", each("who", "one", until=code)), *straight))
    yield "completion_times", bpmn(process("p", task("x", times("2", until=code)), *straight))
    yield "conditional", bpmn(process("p", catch("x", on_condition(code)), *straight))
    yield "input", bpmn(process("p", service("x", "test.do", a=f"={code}"), *straight))
    yield "key", bpmn(message("M"), process("p", receive("x", "M", key=f"={code}"), *straight))
    called = process("q", start("qs"), end("qe"), path("qs", "qe"))
    for name, mapped in (("call_in", "ins"), ("call_out", "outs")):
        calling = call("x", "q", **{mapped: {"a": f"={code}"}})
        yield name, bpmn(process("p", calling, *straight), called)


def diagrams() -> Iterator[Case]:
    for number, code in enumerate(CODE):
        for place, source in hosts(code):
            yield Case(f"{place}-{number:02}", source)


def xml() -> Iterator[Case]:
    doctypes = (
        '<!DOCTYPE a>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">', '<!doctype a>',
        '<!DOCTYPE a [<!ENTITY b "c">]>', '<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///c"> %b;]>',
        '<! DOCTYPE a>', '<!DOCTYPE a PUBLIC "b" "http://127.0.0.1:9/c">',
    )  # fmt: skip
    for number, doctype in enumerate(doctypes):
        for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"):
            declared = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<a/>'
            yield Case(f"doctype-{number}-{encoding}", declared.encode(encoding))
    for name in ("UTF-7", "UTF-16", "IBM037", "UCS-4", "Shift_JIS", "nonsense"):
        for gap in (1, 500):
            text = f'<?xml version="1.0"{" " * gap}encoding="{name}"?><a/>'
            yield Case(f"encoding-{name}-{gap}", text.encode())
    for number, text in enumerate(("", "<", "<a>", "<a b=1/>", "<a>&b;</a>", "<a:b/>x", "<a/><b/>",
                                   "<a>&#0;</a>", "<a>&#xD800;</a>")):  # fmt: skip
        yield Case(f"malformed-{number}", text.encode())
    for depth in (101, 300, 5_000):
        yield Case(f"deep-{depth}", b"<a>" * depth + b"</a>" * depth)


def forms() -> Iterator[Case]:
    kinds = ("html", "image", "iframe", "script", "expression", "documentPreview", "__proto__",
             "constructor", "table", "button_group", 7, None, [], {}, True)  # fmt: skip
    for number, kind in enumerate(kinds):
        yield _form(f"kind-{number}", {"type": kind, "key": "a"})
    for number, widget in enumerate(([], {}, "html", 1)):
        component = {"type": "textfield", "key": "a", "properties": {"widget": widget}}
        yield _form(f"widget-{number}", component)
    for number, looks in enumerate(([], {}, 1, "html")):
        component = {"type": "textfield", "key": "a", "validate": {"validationType": looks}}
        yield _form(f"looks-{number}", component)
    for brackets in (b"[", b'{"components":'):
        yield Case(f"form-deep-{len(brackets)}", brackets * 100_000)
    keys = ("__proto__.x", "../a", "a b", "a\x00", "a\u202eb", "", "1a", "a-b", "a.b", "\ud800",
            1, [])  # fmt: skip
    for number, key in enumerate(keys):
        yield _form(f"key-{number}", {"type": "textfield", "key": key})
    for number, pattern in enumerate(("(", "[", "(a+)+" * 500, "(?P<x", "\\")):
        yield _form(f"pattern-{number}",
                    {"type": "textfield", "key": "a",
                     "validate": {"pattern": pattern}})  # fmt: skip
    for number, code in enumerate(CODE):
        yield _form(f"hide-{number:02}",
                    {"type": "text", "text": "a", "conditional": {"hide": f"={code}"}})  # fmt: skip


def _form(name: str, component: object) -> Case:
    return Case(f"form-{name}", json.dumps({"components": [component]}).encode())
