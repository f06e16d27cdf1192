"""BPMN in Python: small functions that give XML text, put together by `bpmn`.

    bpmn(
        process(
            "leave",
            start("begin"), user("ask"), xor("ok", default="ok-end"), end("end"),
            path("begin", "ask", "ok", "end"),
            flow("ok", "ask", when='outcome = "again"'),
        )
    )

A flow's id is "source-target" unless it is given.
"""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<bpmn:definitions"
    ' xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:saraban="urn:saraban:bpmn:1.0"'
    ' id="definitions" targetNamespace="urn:test">\n'
)


def bpmn(*parts: str) -> bytes:
    """A whole file of processes, messages, signals, errors …"""
    return (_HEAD + "\n".join(parts) + "\n</bpmn:definitions>\n").encode()


def process(id_: str, *parts: str, extensions: str = "", name: str = "") -> str:
    return element("process", id_, *parts, extensions=extensions, name=name, isExecutable="true")


def element(tag: str, id_: str, *parts: str, extensions: str = "", **attributes: str) -> str:
    """Any BPMN element; attributes without a value are left out."""
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)
    own = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    inner = own + "\n".join(parts)
    return f"<bpmn:{tag} id={quoteattr(id_)}{given}>{inner}</bpmn:{tag}>\n"


# -- flows ------------------------------------------------------------------------------------


def flow(source: str, target: str, *, when: str = "", id_: str = "") -> str:
    condition = ""
    if when:
        condition = f"<bpmn:conditionExpression>{escape(when)}</bpmn:conditionExpression>"
    id_ = id_ or f"{source}-{target}"
    return element("sequenceFlow", id_, condition, sourceRef=source, targetRef=target)


def path(*nodes: str) -> str:
    """Flows from each node to the next."""
    return "".join(flow(source, target) for source, target in pairwise(nodes))


# -- activities -------------------------------------------------------------------------------


def user(id_: str, *parts: str, extensions: str = "", name: str = "") -> str:
    return element("userTask", id_, *parts, extensions=extensions, name=name)


def task(id_: str, *parts: str) -> str:
    return element("task", id_, *parts)


def script(id_: str, feel: str, *parts: str, into: str = "") -> str:
    extensions = f"<saraban:result variable={quoteattr(into)}/>" if into else ""
    text = f"<bpmn:script>{escape(feel)}</bpmn:script>"
    return element("scriptTask", id_, text, *parts, extensions=extensions)


def service(id_: str, action: str, *parts: str, into: str = "", **inputs: str) -> str:
    result = f" resultVariable={quoteattr(into)}" if into else ""
    extensions = (
        f'<saraban:action name="{action}"{result}>{mapped("input", inputs)}</saraban:action>'
    )
    return element("serviceTask", id_, *parts, extensions=extensions)


def send(id_: str, message: str, **inputs: str) -> str:
    return element("sendTask", id_, extensions=mapped("input", inputs), messageRef=message)


def receive(id_: str, message: str, *parts: str, key: str = "") -> str:
    return element("receiveTask", id_, *parts, extensions=correlation(key), messageRef=message)


def decide(id_: str, ref: str, into: str = "") -> str:
    result = f" resultVariable={quoteattr(into)}" if into else ""
    extensions = f"<saraban:decision ref={quoteattr(ref)}{result}/>"
    return element("businessRuleTask", id_, extensions=extensions)


def subprocess(id_: str, *parts: str) -> str:
    return element("subProcess", id_, *parts)


def event_subprocess(id_: str, *parts: str) -> str:
    return element("subProcess", id_, *parts, triggeredByEvent="true")


def call(id_: str, process_id: str, *parts: str, ins: dict[str, str] | None = None,
         outs: dict[str, str] | None = None) -> str:  # fmt: skip
    extensions = mapped("input", ins or {}) + mapped("output", outs or {})
    return element("callActivity", id_, *parts, extensions=extensions, calledElement=process_id)


def mapped(tag: str, values: dict[str, str]) -> str:
    return "".join(
        f"<saraban:{tag} name={quoteattr(name)} value={quoteattr(value)}/>"
        for name, value in values.items()
    )


def correlation(key: str) -> str:
    return f"<saraban:correlation key={quoteattr(key)}/>" if key else ""


# -- gateways ---------------------------------------------------------------------------------


def xor(id_: str, default: str = "") -> str:
    return element("exclusiveGateway", id_, default=default)


def both(id_: str) -> str:
    return element("parallelGateway", id_)


def some(id_: str, default: str = "") -> str:
    return element("inclusiveGateway", id_, default=default)


def first(id_: str) -> str:
    return element("eventBasedGateway", id_)


# -- events -----------------------------------------------------------------------------------


def start(id_: str, *definition: str, interrupting: bool = True) -> str:
    return element("startEvent", id_, *definition, isInterrupting="" if interrupting else "false")


def end(id_: str, *definition: str, extensions: str = "") -> str:
    return element("endEvent", id_, *definition, extensions=extensions)


def catch(id_: str, *definition: str, extensions: str = "") -> str:
    return element("intermediateCatchEvent", id_, *definition, extensions=extensions)


def throw(id_: str, *definition: str, extensions: str = "") -> str:
    return element("intermediateThrowEvent", id_, *definition, extensions=extensions)


def boundary(id_: str, on: str, *definition: str, interrupting: bool = True) -> str:
    cancel = "" if interrupting else "false"
    return element("boundaryEvent", id_, *definition, attachedToRef=on, cancelActivity=cancel)


def timer(**when: str) -> str:
    """timer(duration="PT1H"), timer(date=…), timer(cycle=…)"""
    ((kind, value),) = when.items()
    tag = f"time{kind.capitalize()}"
    return (
        f"<bpmn:timerEventDefinition><bpmn:{tag}>{escape(value)}</bpmn:{tag}>"
        "</bpmn:timerEventDefinition>"
    )


def on(kind: str, ref: str = "") -> str:
    """on("message", "Recall"), on("signal", …), on("error", …), on("escalation", …)"""
    given = f' {kind}Ref="{ref}"' if ref else ""
    return f"<bpmn:{kind}EventDefinition{given}/>"


def condition(feel: str) -> str:
    return (
        "<bpmn:conditionalEventDefinition><bpmn:condition>"
        f"{escape(feel)}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )


def link(name: str) -> str:
    return f'<bpmn:linkEventDefinition name="{name}"/>'


def terminate() -> str:
    return "<bpmn:terminateEventDefinition/>"


def message(name: str) -> str:
    return element("message", name, name=name)


def signal(name: str) -> str:
    return element("signal", name, name=name)


def error(code: str) -> str:
    return element("error", code, errorCode=code)


def escalation(code: str) -> str:
    return element("escalation", code, escalationCode=code)


# -- loops ------------------------------------------------------------------------------------


def each(
    collection: str,
    item: str = "",
    *,
    sequential: bool = False,
    collect: tuple[str, str] | None = None,
    until: str = "",
) -> str:
    """Multi-instance over a list; `collect` names the list and the item that go out."""
    parts = [f"<bpmn:loopDataInputRef>{escape(collection)}</bpmn:loopDataInputRef>"]
    if collect:
        parts.append(f"<bpmn:loopDataOutputRef>{collect[0]}</bpmn:loopDataOutputRef>")
    if item:
        parts.append(f'<bpmn:inputDataItem name="{item}"/>')
    if collect:
        parts.append(f'<bpmn:outputDataItem name="{collect[1]}"/>')
    return _multi(parts, sequential=sequential, until=until)


def times(cardinality: str, *, sequential: bool = False, until: str = "") -> str:
    parts = [f"<bpmn:loopCardinality>{escape(cardinality)}</bpmn:loopCardinality>"]
    return _multi(parts, sequential=sequential, until=until)


def _multi(parts: list[str], *, sequential: bool, until: str) -> str:
    if until:
        parts.append(f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>")
    flag = ' isSequential="true"' if sequential else ""
    tag = "bpmn:multiInstanceLoopCharacteristics"
    return f"<{tag}{flag}>{''.join(parts)}</{tag}>"


def again(condition_: str = "", *, before: bool = False, maximum: int | None = None) -> str:
    """Standard loop: goes on while the condition is true."""
    given = (' testBefore="true"' if before else "") + (
        f' loopMaximum="{maximum}"' if maximum is not None else ""
    )
    inner = f"<bpmn:loopCondition>{escape(condition_)}</bpmn:loopCondition>" if condition_ else ""
    tag = "bpmn:standardLoopCharacteristics"
    return f"<{tag}{given}>{inner}</{tag}>"


# -- our extensions ---------------------------------------------------------------------------


def assigned(kind: str, value: str = "") -> str:
    given = f" value={quoteattr(value)}" if value else ""
    return f'<saraban:assignment kind="{kind}"{given}/>'


def outcomes(*ids: str, variable: str = "") -> str:
    given = f' variable="{variable}"' if variable else ""
    inner = "".join(f'<saraban:outcome id="{id_}" name="{id_}"/>' for id_ in ids)
    return f"<saraban:outcomes{given}>{inner}</saraban:outcomes>"


def returns(*ids: str) -> str:
    return "".join(f'<saraban:return to="{id_}"/>' for id_ in ids)
