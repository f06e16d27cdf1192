"""Elements and attributes of other tools: kept, but named where they would change what runs.

Those that carry behaviour are errors, hints about people and forms are warnings; the rest (colours,
vendor metadata) says nothing about execution and passes in silence.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.runtime.parse import names
from engine.runtime.parse.findings import Findings

#: Namespaces of engines, by a part of their URI.
ENGINES = (
    "camunda.org/schema",
    "operaton.org/schema",
    "activiti.org/bpmn",
    "flowable.org/bpmn",
    "jboss.org/drools",
    "spiffworkflow.org",
)
BEHAVIOUR_ELEMENTS = frozenset(
    [
        "script",
        "taskListener",
        "executionListener",
        "eventListener",
        "connector",
        "field",
        "inputOutput",
        "inputParameter",
        "outputParameter",
        "in",
        "out",
        "ioMapping",
        "input",
        "output",
        "taskDefinition",
        "calledElement",
        "calledDecision",
        "loopCharacteristics",
        "subscription",
        "failedJobRetryTimeCycle",
        "preScript",
        "postScript",
        "serviceTaskOperator",
        "messagePayload",
        "messageVariable",
        "processVariableCorrelation",
        "payloadExpression",
        "calledDecisionId",
        "variableName",
        "onEntry-script",
        "onExit-script",
        "errorEventDefinition",
        "transactionalIn",
    ]
)
HINT_ELEMENTS = frozenset(
    [
        "formProperty",
        "formData",
        "formField",
        "formDefinition",
        "assignmentDefinition",
        "taskSchedule",
        "priorityDefinition",
        "userTaskForm",
        "userTask",
        "instructionsForEndUser",
        "potentialStarter",
        "taskHeaders",
    ]
)
BEHAVIOUR_ATTRIBUTES = frozenset(
    [
        "class",
        "delegateExpression",
        "expression",
        "type",
        "topic",
        "resource",
        "variableMappingClass",
        "variableMappingDelegateExpression",
        "skipExpression",
        "taskListenerClass",
        "collection",
        "elementVariable",
        "calledElementBinding",
        "calledElementVersion",
        "calledElementTenantId",
        "scriptsOnInstances",
        "resultVariable",
        "errorCodeVariable",
        "errorMessageVariable",
        "escalationCodeVariable",
        "ruleFlowGroup",
        "implementation",
        "serviceimplementation",
    ]
)
HINT_ATTRIBUTES = frozenset(
    [
        "assignee",
        "candidateUsers",
        "candidateGroups",
        "dueDate",
        "followUpDate",
        "priority",
        "formKey",
        "formRef",
        "formRefBinding",
        "formRefVersion",
        "formHandlerClass",
        "initiator",
        "candidateStarterUsers",
        "candidateStarterGroups",
        "businessCalendarName",
        "category",
        "owner",
        "isStartableInTasklist",
        "mapDecisionResult",
        "decisionRefBinding",
        "decisionRefVersion",
        "decisionRefTenantId",
    ]
)


def check_foreign(root: etree._Element, found: Findings) -> None:
    for element in root.iter(etree.Element):
        _check_attributes(element, found)
        if _is_inclusion(element):
            what = "element that includes another file"
            found.error(*_behaviour(element, what), attribute="include")
        elif _is_engine(names.namespace(element)):
            _check_element(element, found)


def _is_inclusion(element: etree._Element) -> bool:
    """Nothing here ever includes another file; who tries is told."""
    return names.namespace(element) == "http://www.w3.org/2001/XInclude"


def _is_engine(namespace: str) -> bool:
    return any(part in namespace for part in ENGINES)


def _check_element(element: etree._Element, found: Findings) -> None:
    tag = names.local(element)
    if tag in BEHAVIOUR_ELEMENTS:
        found.error(*_behaviour(element, f"element {_prefixed(element, tag)}"), attribute=tag)
    elif tag in HINT_ELEMENTS:
        found.warn(*_hint(element, f"element {_prefixed(element, tag)}"), attribute=tag)


def _check_attributes(element: etree._Element, found: Findings) -> None:
    for namespace, name in _foreign_attributes(element):
        if _is_decision(element, name) or not _is_engine(namespace):
            continue
        if name in BEHAVIOUR_ATTRIBUTES:
            found.error(*_behaviour(element, f"attribute {name}"), attribute=name)
        elif name in HINT_ATTRIBUTES:
            found.warn(*_hint(element, f"attribute {name}"), attribute=name)


def _foreign_attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    for key in element.attrib:
        name = etree.QName(key)
        if name.namespace:
            yield name.namespace, name.localname


def _is_decision(element: etree._Element, name: str) -> bool:
    """`camunda:decisionRef` and `camunda:resultVariable` of a decision are executed."""
    return names.local(element) == "businessRuleTask" and name in ("decisionRef", "resultVariable")


def _prefixed(element: etree._Element, tag: str) -> str:
    return f"{element.prefix}:{tag}" if element.prefix else tag


def _behaviour(element: etree._Element, what: str) -> tuple[str, etree._Element, str, str]:
    return (
        "foreign_behaviour",
        element,
        f"Expected behaviour that this engine runs, but the {what} belongs to another engine.",
        "Remove it and say the same with saraban: elements and FEEL.",
    )


def _hint(element: etree._Element, what: str) -> tuple[str, etree._Element, str, str]:
    return (
        "foreign_hint",
        element,
        f"The {what} is kept, but not executed: it belongs to another engine.",
        "Say who and which form with saraban:assignment and saraban:form.",
    )
