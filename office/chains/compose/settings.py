"""What a card says about its element: people, buttons, deadline, fields."""

from __future__ import annotations

from lxml import etree

from office.chains.compose import choosing, people
from office.chains.compose.forms import asks
from office.chains.compose.sheet import Sheet, bpmn, ours, say
from office.chains.model import ACKNOWLEDGE, Ask, Chain, Due, Inform, Span

_LETTERS = {"hours": "PT{}H", "days": "P{}D"}
#: of every acknowledgement, in Thai and English
ACKNOWLEDGED = ("ทราบ", "Acknowledge")


def iso(span: Span) -> str:
    return _LETTERS[span.unit].format(span.amount)


def described(sheet: Sheet, step: Ask, chain: Chain) -> None:
    """Everything that `saraban:` says about the task of somebody who decides."""
    node = sheet.nodes[step.id]
    people.assign(node, step)
    if step.not_starter:
        say(node, "exclude", kind="starter")
    for earlier in step.not_those:
        say(node, "exclude", kind="performer", value=earlier)
    if asks(chain, step):
        say(node, "form", key=chain.form_of(step))
    _hidden(node, step)
    choosing.offered(node, step)
    holder = say(node, "outcomes", variable=people.answer_variable(step))
    for one in step.outcomes:
        reason = {"reasonRequired": "true"} if one.reason else {}
        button = {"id": one.id, "name": one.name, "nameEn": one.name_en, **reason}
        etree.SubElement(holder, ours("outcome"), button)
    _limited(node, step.due)
    if step.kind == "sign":
        say(node, "act", kind="sign")
    elif step.confirm:
        say(node, "act", kind="confirm")
    if step.skip_same:
        say(node, "skip", samePerson="true")
    _called_after(node, step.due)
    people.repeat(sheet, step)


def acknowledged(sheet: Sheet, step: Inform) -> None:
    node = sheet.nodes[step.id]
    people.assign(node, step)
    _hidden(node, step)
    thai, english = ACKNOWLEDGED
    holder = say(node, "outcomes", variable=people.answer_variable(step))
    etree.SubElement(holder, ours("outcome"), id=ACKNOWLEDGE, name=thai, nameEn=english)
    _limited(node, step.due)
    _called_after(node, step.due)
    people.repeat(sheet, step)


def _limited(node: etree._Element, due: Due | None) -> None:
    if due is not None:
        say(node, "due", value=iso(due.span), working=_flag(due.span.working))


def _called_after(node: etree._Element, due: Due | None) -> None:
    """The reminder, and who is told besides when time is up."""
    if due is not None and due.remind:
        say(node, "reminder", at="0.5")
    if due is not None and due.late == "superior":
        say(node, "escalation", to="superior")


def _hidden(node: etree._Element, step: Ask | Inform) -> None:
    for key in step.hides:
        say(node, "hide", variable=key)


def timed(node: etree._Element, span: Span | None, until: str) -> None:
    """A timer of so long, or until the day in a field."""
    timer = etree.SubElement(node, bpmn("timerEventDefinition"))
    if span is None:
        etree.SubElement(timer, bpmn("timeDate")).text = f"={until}"
        return
    if span.working:
        holder = etree.SubElement(timer, bpmn("extensionElements"))
        etree.SubElement(holder, ours("working"))
    etree.SubElement(timer, bpmn("timeDuration")).text = iso(span)


def _flag(value: bool) -> str:
    return "true" if value else "false"
