"""How a table's answer is kept, and which flow it opens."""

from __future__ import annotations

import json
import re

from office.chains.model import Branch, Hit, Matrix, Rule

#: a text of FEEL, with what can stand in one
TEXT = r'"(?:[^"\\]|\\["\\])*"'
_ONE, _MANY = "{} = {}", "list contains(get or else({}, []), {})"


def variable(step_id: str) -> str:
    """What the answer is kept in: a text, or where all rules count a list of texts."""
    return f"{step_id}_way"


def gateway(step: Matrix) -> str:
    """The element whose flows are the ways; the step's own id is its business rule task's."""
    return f"x_{step.id}"


def condition(step_id: str, answer: str, hit: Hit) -> str:
    """FEEL that is true where the table named this way. No table answers where no rule holds."""
    written = _MANY if hit == "all" else _ONE
    return written.format(variable(step_id), quoted(answer))


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def unquoted(text: str) -> str | None:
    """None: it is more than one text."""
    if not re.fullmatch(TEXT, text):
        return None
    try:
        found: str = json.loads(text)
    except ValueError:
        return None
    return found


def answer_of(step: Matrix, branch: Branch) -> str | None:
    """What rules call the branch; None where its condition is another. The last has none."""
    found = re.search(TEXT, branch.condition)
    answer = unquoted(found[0]) if found else None
    if answer is None or branch.condition != condition(step.id, answer, step.hit):
        return None
    return answer


def way_of(step: Matrix, rule: Rule) -> int | None:
    """The number of the branch that the rule names."""
    if not rule.way and step.branches:
        return len(step.branches) - 1
    answers = [answer_of(step, branch) for branch in step.branches]
    return answers.index(rule.way) if rule.way in answers else None
