"""A diagram as read from its file: plain frozen facts, each with its line, not yet judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import Problem
from engine.runtime.values import OutcomeSpec


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text that may be FEEL: `attribute` says where in the element it stands.

    Beginning with "=" it is FEEL; `always` marks places where BPMN has an expression anyway.
    """

    text: str
    line: int
    attribute: str
    always: bool = False

    @property
    def is_feel(self) -> bool:
        return self.always or self.text.lstrip().startswith("=")

    @property
    def feel(self) -> str:
        return self.text.strip().removeprefix("=")


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    name: str
    source: str
    target: str
    line: int
    condition: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """kind: timeDate, timeDuration or timeCycle. `working` counts a duration in working time."""

    kind: str
    value: Phrase
    working: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """kind: none, message, signal, timer, error, escalation, conditional, terminate, link
    or refused (what does not run here).

    `name` is the message's, signal's or link's name; `code` the error's or escalation's
    (None: any).
    """

    kind: str
    line: int
    name: str | None = None
    code: str | None = None
    timer: Timer | None = None
    condition: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Repetition:
    """kind: parallel, sequential (multi-instance) or loop (standard loop)."""

    kind: str
    line: int
    collection: Phrase | None = None
    cardinality: Phrase | None = None
    item: str | None = None
    output: str | None = None
    output_item: str | None = None
    #: multi-instance: stop when true; standard loop: go on while true
    condition: Phrase | None = None
    before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`saraban:assignment` or `saraban:exclude`. `level`: how many posts above a superior is."""

    kind: str
    value: Phrase | None
    line: int
    level: str = "1"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A named value: `saraban:input` or `saraban:output`."""

    name: str
    value: Phrase
    line: int


@dataclass(frozen=True, slots=True)
class Named:
    """A reference by id or key, with its place."""

    text: str
    line: int
    attribute: str


@dataclass(frozen=True, slots=True)
class ActionCall:
    name: str
    line: int
    inputs: Sequence[Mapped] = ()
    result: str | None = None
    #: what becomes of the action's report, instead of all of it
    outputs: Sequence[Mapped] = ()


@dataclass(frozen=True, slots=True)
class DecisionCall:
    ref: str
    line: int
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Our extension elements of one node."""

    assignments: Sequence[Rule] = ()
    exclusions: Sequence[Rule] = ()
    form: Named | None = None
    #: variables that those who do the step do not see
    hidden: Sequence[Named] = ()
    outcome_variable: str = "outcome"
    outcomes: Sequence[OutcomeSpec] = ()
    returns: Sequence[Named] = ()
    due: Phrase | None = None
    due_working: bool = True
    priority: Phrase | None = None
    act: str | None = None
    skip_same_person: bool = False
    reminders: Sequence[float] = ()
    escalation: str | None = None
    action: ActionCall | None = None
    decision: DecisionCall | None = None
    result: str | None = None
    correlation: Phrase | None = None
    inputs: Sequence[Mapped] = ()
    outputs: Sequence[Mapped] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. `type` is its BPMN tag; `parent` the subprocess that contains it."""

    id: str
    name: str
    type: str
    line: int
    parent: str | None = None
    documentation: str = ""
    lane: str | None = None
    default: str | None = None
    event: Event | None = None
    #: boundary events: the activity's id and whether it is interrupted
    attached_to: str | None = None
    interrupting: bool = True
    repetition: Repetition | None = None
    #: call activity
    called: str | None = None
    #: send and receive tasks: the message's name
    message: str | None = None
    script: Phrase | None = None
    script_format: str | None = None
    #: event subprocess
    triggered: bool = False
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class Process:
    id: str
    name: str
    file: str
    line: int
    executable: bool
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    documentation: str = ""
    title: Phrase | None = None
    start_form: Named | None = None
    start_role: str | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """Where an element is drawn."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Diagram:
    """One file: its processes, its drawing, and what its reading already found."""

    file: str
    processes: Sequence[Process]
    boxes: Mapping[str, Box] = field(default_factory=dict)
    lines: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    message_flows: Sequence[Flow] = ()
