"""Elements that hold an expression: their text, as long as its language is FEEL."""

from __future__ import annotations

from lxml import etree

from engine.runtime.diagram import Phrase
from engine.runtime.parse import names
from engine.runtime.parse.findings import Findings

_EXPRESSIONS = (
    "conditionExpression",
    "condition",
    "loopCondition",
    "loopCardinality",
    "completionCondition",
)


def expression(element: etree._Element, found: Findings, *, always: bool = False) -> Phrase:
    """What it says, and where; a language other than FEEL is found as a problem."""
    language = element.get("language")
    if language is not None and not _is_feel(language):
        found.error(
            "expression_language",
            element,
            f"Expected an expression in FEEL, but its language is “{language}”.",
            "Rewrite it in FEEL, and remove the attribute.",
            "language",
        )
    return Phrase(names.text_of(element), names.line(element), names.local(element), always)


def check_language(root: etree._Element, found: Findings) -> None:
    """Of the whole file: tools write XPath there unasked, so it is only told of."""
    language = root.get("expressionLanguage")
    if language is None or _is_feel(language):
        return
    unsaid = (one for tag in _EXPRESSIONS for one in root.iter(names.bpmn(tag)))
    if any(one.get("language") is None and names.text_of(one) for one in unsaid):
        found.warn(
            "expression_language",
            root,
            f"The file gives “{language}” as the language of its expressions, but they are read as "
            "FEEL.",
            "Remove expressionLanguage, and make sure that the expressions are FEEL.",
            "expressionLanguage",
        )


def _is_feel(language: str) -> bool:
    return "feel" in language.lower()
