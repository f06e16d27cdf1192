"""Who does a step, and how several do it, in the words of a diagram."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from office.chains.compose.sheet import Sheet, bpmn, say
from office.chains.exits import forgets
from office.chains.model import (
    REFUSE,
    STARTER,
    Ask,
    Chain,
    Inform,
    appointed_variable,
    found_people,
    left_out,
    outcome_variable,
    outcomes_variable,
)

#: within one round of several: who is asked, and the answer, until it is collected
ASKED = "asked_one"
ANSWER = "outcome"
#: the answer of whoever sends it back
RETURN = "return"


def several(step: Ask | Inform) -> bool:
    """Whether each of those named gets a task of their own."""
    if isinstance(step, Inform):
        listed = step.who.found or step.who.kind in ("field", "appointed", "formula")
        return listed or len(step.who.values) > 1
    return step.how != "one"


def named(values: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def listed(step: Ask | Inform) -> str:
    """FEEL for the list of those who are asked."""
    who = step.who
    if who.found:
        return found_people(step)
    if who.kind == "named":
        return named(who.values)
    return f"flatten([{source(step)}])"


def source(step: Ask | Inform) -> str:
    """The variable, or the FEEL, that gives those who do it."""
    return appointed_variable(step.id) if step.who.kind == "appointed" else step.who.value


def assign(node: etree._Element, step: Ask | Inform) -> None:
    if several(step):
        say(node, "assignment", kind="expression", value=ASKED)
        return
    if step.who.found:
        say(node, "assignment", kind="expression", value=found_people(step))
        return
    match step.who.kind:
        case "named":
            for principal in step.who.values:
                kind, _colon, code = principal.partition(":")
                say(node, "assignment", kind=kind, value=code)
        case "starter" | "superior":
            level = {"level": str(step.who.level)} if step.who.level > 1 else {}
            say(node, "assignment", kind=step.who.kind, **level)
        case "field" | "appointed":
            say(node, "assignment", kind="field", value=source(step))
        case "performer":
            say(node, "assignment", kind="performer", value=step.who.value)
        case _:
            say(node, "assignment", kind="expression", value=step.who.value)


def repeat(sheet: Sheet, step: Ask | Inform) -> None:
    """The loop over those who are asked, where there are several: one may come in later or
    withdraw (`ChangeList`), so whatever counts them asks the loop, not the list.

    It collects into a declared property: what refers to a variable by its mere name is lost where
    another tool saves the diagram.
    """
    if not several(step):
        return
    loop = etree.SubElement(sheet.nodes[step.id], bpmn("multiInstanceLoopCharacteristics"))
    if isinstance(step, Ask) and step.how == "in_order":
        loop.set("isSequential", "true")
    etree.SubElement(loop, bpmn("loopDataInputRef")).text = f"={listed(step)}"
    if isinstance(step, Ask):
        sheet.declare(outcomes_variable(step))
        etree.SubElement(loop, bpmn("loopDataOutputRef")).text = outcomes_variable(step)
    etree.SubElement(loop, bpmn("inputDataItem"), name=ASKED)
    if isinstance(step, Ask):
        etree.SubElement(loop, bpmn("outputDataItem"), name=ANSWER)
        ends = _enough(step)
        if ends:
            etree.SubElement(loop, bpmn("completionCondition")).text = ends


def _enough(step: Ask) -> str:
    """When the rest need not answer any more."""
    answers = outcomes_variable(step)
    match step.how:
        case "first":
            return "numberOfCompletedInstances >= 1"
        case "share":
            asked, said_no = _counted(step, "numberOfInstances")
            said_yes = f"count({answers}[{_each(step, 'item', '!=', 'and')}]) * 100"
            yes = f"{said_yes} >= {step.share} * {asked}"
            no = f"{said_no} * 100 > {100 - step.share} * {asked}"
            return yes if step.refusal == "none" else f"{yes} or {no}"
        case _:
            return "" if step.refusal == "none" else refusal(step)


def _counted(step: Ask, asked: str) -> tuple[str, str]:
    """FEEL for how many are named, and for how many of them say no or cannot say yes."""
    refused = f"count({outcomes_variable(step)}[{_each(step, 'item', '=', 'or')}])"
    if step.who.if_nobody != "pass":
        return asked, refused
    missing = f"count({left_out(step)})"
    return f"({asked} + {missing})", f"({refused} + {missing})"


def _each(step: Ask, answer: str, sign: str, joint: str) -> str:
    """FEEL that compares one answer of several with each that says no."""
    noes = [RETURN] if step.refusal == "chosen" else []
    noes = [*(step.noes or (REFUSE,)), *noes] if step.can_refuse or not noes else noes
    return f" {joint} ".join(f'{answer} {sign} "{no}"' for no in noes)


def refusal(step: Ask) -> str:
    """FEEL that is true where the step as a whole says no; of one person, by its buttons for it."""
    answers = outcomes_variable(step)
    match step.how:
        case "one":
            noes = step.noes or (REFUSE,)
            return " or ".join(f'{outcome_variable(step)} = "{no}"' for no in noes)
        case "share":
            # All have answered, or enough: of the answers there are, so many say no, or too few.
            asked, said_no = _counted(step, f"count({answers})")
            return f"{said_no} * 100 > {100 - step.share} * {asked}"
        case _:
            return f"some answer in {answers} satisfies {_each(step, 'answer', '=', 'or')}"


def remember(node: etree._Element, chain: Chain, step: Ask) -> None:
    """The script behind a refusal: by whom the work of which step was sent back."""
    if step.refusal == "chosen":
        told = ", ".join(
            f'"{element(step, way)}": {_sent(chain, step, way)}' for way in step.ways_back
        )
        sent = f"get or else(get value({{{told}}}, return_to), {{}})"
    else:
        sent = _sent(chain, step, step.back_to)
    variable = chain.sent_back
    _script(node, variable, f"context merge([get or else({variable}, {{}}), {sent}])")


def _sent(chain: Chain, step: Ask, target: str) -> str:
    """FEEL for what is remembered of a refusal that leads to the target."""
    itself = f'"{step.id}"'
    if step.refusal == "chosen":
        itself = f'if resume = "back_to_me" then {itself} else null'
    elif not step.to_me:
        itself = "null"
    known = element(step, target)
    names = [known] if target == STARTER else forgets(chain, step, target)
    told = (f'"{one}": {itself if one == known else "null"}' for one in names)
    return "{" + ", ".join(told) + "}"


def element(step: Ask, target: str) -> str:
    """What the engine knows the target by: a step's task, or that of whoever started it."""
    return f"s_{step.id}" if target == STARTER else target


def forget(node: etree._Element, variable: str) -> None:
    """The script at the start: a caller's variables, or those of an earlier call, say nothing."""
    _script(node, variable, "{}")


def _script(node: etree._Element, variable: str, feel: str) -> None:
    node.set("scriptFormat", "feel")
    say(node, "result", variable=variable)
    etree.SubElement(node, bpmn("script")).text = feel


def sent_back_by(step: Ask, target: str, variable: str) -> str:
    """FEEL that is true where this step was the last to send back what is done at the target."""
    return f'get value(get or else({variable}, {{}}), "{target}") = "{step.id}"'


def returned(step: Ask) -> str:
    """FEEL that is true where whoever does the step has chosen where it goes back to."""
    if step.how == "one":
        return f'{outcome_variable(step)} = "{RETURN}"'
    return f"({refusal(step)}) and {_sent_back(step)}" if step.can_refuse else refusal(step)


def ended(step: Ask) -> str:
    """FEEL that is true where its refusal does not lead back: of several, nobody sent it back."""
    if step.how == "one" or step.refusal != "chosen" or not step.ways_back:
        return refusal(step)
    return f"({refusal(step)}) and not({_sent_back(step)})"


def _sent_back(step: Ask) -> str:
    return f'list contains({outcomes_variable(step)}, "{RETURN}")'


def answer_variable(step: Ask | Inform) -> str:
    return ANSWER if several(step) else outcome_variable(step)
