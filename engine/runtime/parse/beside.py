"""What a file declares beside its processes and nothing obeys, and flags that are none."""

from __future__ import annotations

from lxml import etree

from engine.runtime.parse import instead, names
from engine.runtime.parse.findings import Findings


def check_beside(root: etree._Element, found: Findings) -> None:
    _check_correlation(root, found)
    _check_uncalled(root, found)


def _check_correlation(root: etree._Element, found: Findings) -> None:
    for tag in ("correlationProperty", "correlationSubscription"):
        for element in root.iter(names.bpmn(tag)):
            found.error(
                "unsupported_element",
                element,
                f"Expected saraban:correlation, but the file correlates by {tag}.",
                "Remove it and put <saraban:correlation key=…/> on the message events.",
            )


def _check_uncalled(root: etree._Element, found: Findings) -> None:
    """What stands beside the processes of a file and is not one."""
    for element in names.bpmn_children(root):
        tag = names.local(element)
        if tag in instead.UNCALLED:
            found.warn(
                "unsupported_element",
                element,
                f"<{tag}> is kept, but nothing here runs it.",
                instead.of_element(tag),
            )
        elif tag == "extension" and names.flag(element, "mustUnderstand"):
            found.error(
                "unsupported_element",
                element,
                "Expected extensions that may be left aside, but this file says of one that it "
                "must be understood.",
                "Remove the extension, or its mustUnderstand.",
                "mustUnderstand",
            )


_FLAGS = (
    "cancelActivity",
    "instantiate",
    "isExecutable",
    "isForCompensation",
    "isInterrupting",
    "isSequential",
    "parallelMultiple",
    "testBefore",
    "triggeredByEvent",
)


def check_flags(root: etree._Element, found: Findings) -> None:
    """What is neither true nor false would be taken for false."""
    for element in root.iter(f"{{{names.BPMN}}}*"):
        for name in _FLAGS:
            value = element.get(name)
            if value is not None and value.strip() not in ("true", "false", "1", "0"):
                found.error(
                    "unknown_value",
                    element,
                    f"Expected true or false, but {name} is “{value}”.",
                    "Choose one of these.",
                    name,
                )
