"""What an approval chain is: steps in order, each a card, and the fields of its start form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeGuard

AskKind: TypeAlias = Literal["approve", "proofread", "sign", "consult"]
WhoKind: TypeAlias = Literal[
    "named", "head", "members", "starter", "superior", "ladder", "field", "appointed", "performer",
    "formula",
]  # fmt: skip
How: TypeAlias = Literal["one", "all", "share", "in_order", "first"]
Unit: TypeAlias = Literal["hours", "days"]
Late: TypeAlias = Literal["wait", "superior", "pass", "refuse"]
Refusal: TypeAlias = Literal["none", "end", "back", "chosen"]
#: where nobody can do a step: an incident, on without it, or others do it
Nobody: TypeAlias = Literal["stop", "pass", "hand"]
#: where only whoever started the case could do a step that is barred to them: as where nobody
#: can, or an incident, on without it, their superior does it, or others do
Own: TypeAlias = Literal["same", "stop", "pass", "superior", "hand"]
Hit: TypeAlias = Literal["unique", "first", "all"]
FieldKind: TypeAlias = Literal[
    "text", "lines", "number", "date", "check", "choice", "person", "files",
]  # fmt: skip

#: ways to name one person alone
ONE: Sequence[WhoKind] = ("starter", "superior", "performer")
#: the action that looks up those whom a rule of the organisation names
FIND = "people.find"
#: the action that calls another system by a connector of the agency
HTTP_CALL = "http.call"
#: begins the names of actions that do something with the letter of a route
_OVER_LETTERS = ("correspondence.", "documents.")
#: the action that tells that a step was passed over, for nobody could do it
GO_PAST = "people.pass"
#: what a step answers that nobody could do
NOBODY = "nobody"
#: of `Who.instead`: whoever may mend what is stuck
OPERATORS = "right:operate"
REFUSE = "refuse"
#: the step of a letter's route in which it is drafted
DRAFT = "draft"
#: of `Ask.may`: the matter ends, or whoever started it corrects it
END, STARTER = "end", "start"
#: the end of `Chain.sent_back`
SENT_BACK = "_sent_back"
ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that the starter fills in; `key` is the variable that it sets."""

    key: str
    label: str
    kind: FieldKind = "text"
    required: bool = True
    #: of a choice: what can be chosen
    options: tuple[str, ...] = ()
    #: of persons and files: whether several are taken
    several: bool = False
    #: of files: their kinds, as HTML's `accept`; empty: all that are taken
    accept: str = ""


#: what a letter's route knows of its letter
LETTER = (
    Field("subject", "เรื่อง"),
    Field("kind", "ชนิดหนังสือ (รหัส)"),
    Field("urgency", "ชั้นความเร็ว (1 ปกติ ถึง 4 ด่วนที่สุด)", "number"),
    Field("circular", "หนังสือเวียน", "check"),
    Field("signer", "ผู้ลงนามตามหนังสือ", "person"),
)
#: what those are called in English, by key; what a form asks for has the words of its maker
_LETTER_ENGLISH = {
    "subject": "Subject",
    "kind": "Kind of letter (code)",
    "urgency": "Urgency (1 normal to 4 most urgent)",
    "circular": "Circular",
    "signer": "Signer by the letter",
}


def names_a_case(field: Field) -> bool:
    """Whether its value can be the title of a case."""
    return field.kind != "files" and not field.several


def called(field: Field, *, english: bool) -> str:
    """What the field is called for people."""
    ours = english and any(field is one for one in LETTER)
    return _LETTER_ENGLISH[field.key] if ours else field.label


@dataclass(frozen=True, slots=True)
class Who:
    """Who does a step.

    named: `values` are principals ("position:central-director"). head: of each unit in `values`.
    members: each person in the units and roles in `values`. field: a field's key.
    performer: a step's id. appointed: whoever does the step in `values` names them, while deciding
    it: one, or several where several are asked. formula: FEEL for one or a list of principals or
    sign-in names.
    superior: `level` posts above the starter. ladder: every post above the starter up to `rank`.
    `instead` are the principals, or OPERATORS, who do it where `if_nobody` is hand;
    `instead_of_starter` those where `if_starter` is, which says what is done for whom
    `Ask.not_starter` bars.
    """

    kind: WhoKind
    values: tuple[str, ...] = ()
    level: int = 1
    rank: str = ""
    if_nobody: Nobody = "stop"
    instead: tuple[str, ...] = ()
    if_starter: Own = "same"
    instead_of_starter: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def principals(self) -> tuple[str, ...]:
        """Those whom it names itself, to look up what they are called."""
        named = self.values if self.kind in ("named", "head", "members") else ()
        others = (*self.instead, *self.instead_of_starter)
        return (*named, *(one for one in others if one != OPERATORS))

    @property
    def found(self) -> bool:
        """Whether they are looked up when the step begins."""
        return self.kind in ("head", "members", "ladder") or self.judged

    @property
    def judged(self) -> bool:
        """Whether it is looked at, each time the step begins, who of them can do it."""
        return self.if_nobody != "stop" or self.if_starter != "same"

    @property
    def passes(self) -> bool:
        """Whether the case can go on without anybody doing it."""
        return self.if_nobody == "pass" or self.if_starter == "pass"

    @property
    def detour(self) -> Nobody:
        """What is drawn beside the step: a look-up that lets it pass hands it to others itself."""
        return "pass" if self.passes else self.if_nobody


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: in working time, or by the clock."""

    amount: int
    unit: Unit = "days"
    working: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline. `late`: wait on, give it to the superior as well, pass, or count as a refusal."""

    span: Span
    remind: bool = False
    late: Late = "wait"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A button of a step, as in `saraban:outcome`. `refuse`, and `refuse_` with more, say no."""

    id: str
    name: str
    name_en: str
    reason: bool = False

    @property
    def refuses(self) -> bool:
        return refuses(self.id)


def refuses(outcome: str) -> bool:
    """Whether the outcome of this id leads where its card sends a refusal."""
    return outcome == REFUSE or outcome.startswith(f"{REFUSE}_")


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody decides: approves, proofreads, signs the letter or gives an opinion.

    `share` (per cent of those asked) counts where `how` is share. `back_to` is an earlier step's
    id, or STARTER, where `refusal` is back. `edits` are the keys of fields that may be changed
    here, `hides` of those that are not seen; the others are read. `may`, where `refusal` is
    chosen: what whoever refuses chooses from, END, STARTER or earlier steps' ids.
    """

    id: str
    kind: AskKind
    name: str
    who: Who
    outcomes: tuple[Outcome, ...]
    how: How = "one"
    share: int = 100
    due: Due | None = None
    refusal: Refusal = "none"
    back_to: str = ""
    #: what was sent back comes straight here again, past the steps between
    to_me: bool = False
    edits: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    not_starter: bool = False
    #: earlier steps whose last performers may not do this one
    not_those: tuple[str, ...] = ()
    skip_same: bool = False
    note: str = ""
    may: tuple[str, ...] = ()
    #: whoever answers proves anew to be themselves
    confirm: bool = False

    @property
    def noes(self) -> tuple[str, ...]:
        """The ids of the buttons that say no."""
        return tuple(one.id for one in self.outcomes if one.refuses)

    @property
    def ways_back(self) -> tuple[str, ...]:
        """Where a refusal can lead back to: earlier steps' ids, or STARTER."""
        if self.refusal == "chosen":
            return tuple(one for one in self.may if one != END)
        return (self.back_to,) if self.refusal == "back" else ()

    @property
    def can_end(self) -> bool:
        """Whether a refusal can end the matter."""
        return self.refusal == "end" or (self.refusal == "chosen" and END in self.may)

    @property
    def can_refuse(self) -> bool:
        """Whether it has buttons that say no; to send back is another."""
        return self.refusal == "back" or self.can_end

    def comes_again(self, target: str) -> bool:
        """Whether what it sent back to the target can come straight here again."""
        return self.to_me if self.refusal == "back" else target in self.ways_back


@dataclass(frozen=True, slots=True)
class Inform:
    """Somebody is told and acknowledges, while the chain goes on; `hides` as in Ask.

    The case ends once they have, or where `due` passes it, once their time is up.
    """

    id: str
    name: str
    who: Who
    note: str = ""
    hides: tuple[str, ...] = ()
    due: Due | None = None

    @property
    def lapses(self) -> bool:
        """Whether what they have not acknowledged in time is taken from them."""
        return self.due is not None and self.due.late == "pass"


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing happens for `span`, or until the day in the field `until`."""

    id: str
    name: str
    span: Span | None = None
    until: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """Another published process runs here with this one's variables."""

    id: str
    name: str
    process: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Machine work by an action's name; an input that begins with “=” is FEEL."""

    id: str
    name: str
    action: str
    inputs: tuple[tuple[str, str], ...] = ()
    note: str = ""

    @property
    def over_letters(self) -> bool:
        """Whether only a letter's route has something for it to work on."""
        return self.action.startswith(_OVER_LETTERS)

    def given(self, name: str) -> str:
        return dict(self.inputs).get(name, "")

    @property
    def places(self) -> tuple[str, ...]:
        """The names in braces in the path that it calls, for each of which it needs a value."""
        path = self.given("path") if self.action == HTTP_CALL else ""
        return tuple(re.findall(r"\{(\w+)\}", path))


@dataclass(frozen=True, slots=True)
class Branch:
    """One way of a condition or of parallel work. An empty condition is the way otherwise."""

    label: str
    steps: tuple[Step, ...] = ()
    #: FEEL
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Choose:
    """The first way whose condition holds; the last has none and is taken otherwise."""

    id: str
    name: str
    branches: tuple[Branch, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a rule asks of one field; nothing: any value.

    Of a number more than `low` and at most `high`; of a day from `low` to `high`; of the others
    one of `values` (of yes or no: "true" or "false").
    """

    low: str = ""
    high: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a matrix: a cell for each column, and the way that it names (empty: otherwise)."""

    cells: tuple[Cell, ...]
    way: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Matrix(Choose):
    """The way, or with `hit` all the ways, named by the rules that hold; else the last.

    `columns` are keys of fields. What a rule's `way` is called stands in the branch's condition
    (`matrix.condition`). unique: at most one rule holds; first: the first that holds counts.
    """

    columns: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    hit: Hit = "unique"


@dataclass(frozen=True, slots=True)
class Together:
    """All ways at the same time; the chain goes on when each has come to its end."""

    id: str
    name: str
    branches: tuple[Branch, ...]
    note: str = ""


Forked: TypeAlias = Choose | Together
Step: TypeAlias = Ask | Inform | Wait | Call | Act | Forked


@dataclass(frozen=True, slots=True)
class Chain:
    """`key` is the process's id. `title` is the field that names a case; `start_role` the code of
    the role that may start it (none: everyone). `letter`: the route of a letter, which starts it
    and brings its facts instead of a form. `english`: what the diagram has beside the cards is
    named in English, else in Thai.
    """

    key: str
    name: str
    steps: tuple[Step, ...] = ()
    fields: tuple[Field, ...] = ()
    title: str = ""
    start_role: str = ""
    note: str = ""
    letter: bool = False
    english: bool = False

    @property
    def start_form(self) -> str:
        return f"{self.key}-start"

    def form_of(self, step: Ask) -> str:
        return f"{self.key}-{step.id}"

    @property
    def known(self) -> tuple[Field, ...]:
        """What is known from the start: the form's fields, or the letter's facts."""
        return (*self.fields, *LETTER) if self.letter else self.fields

    def field(self, key: str) -> Field | None:
        return next((field for field in self.known if field.key == key), None)

    def walk(self) -> Iterator[Step]:
        """Every step in reading order, those inside branches too."""
        return walk(self.steps)

    def senders(self, step: Ask) -> tuple[Ask, ...]:
        """The steps to which this one's work goes straight back, when they had refused it."""
        return tuple(
            one
            for one in self.walk()
            if isinstance(one, Ask) and step.id in one.ways_back and one.comes_again(step.id)
        )

    @property
    def sent_back(self) -> str:
        """The variable that says by which step the work of another was sent back last.

        Named after the process, for a called one hands its variables to its caller. Empty where no
        step gets work straight again, nor sends it to the beginning, where all of it is forgotten.
        """
        asked = [one for one in self.walk() if isinstance(one, Ask)]
        straight = any(
            one.to_me or one.refusal == "chosen" or STARTER in one.ways_back for one in asked
        )
        return f"{self.key.replace('-', '_')}{SENT_BACK}" if straight else ""

    def appointed(self, namer: str = "") -> list[Ask | Inform]:
        """The steps of which somebody names who does them, here by whoever does the `namer`."""
        steps = (one for one in self.walk() if isinstance(one, Ask | Inform))
        return [
            one for one in steps
            if one.who.kind == "appointed" and (not namer or one.who.value == namer)
        ]  # fmt: skip

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.walk() if step.id == step_id), None)


def walk(steps: Sequence[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, Choose | Together):
            for branch in step.branches:
                yield from walk(branch.steps)


def with_earlier(
    steps: Sequence[Step], before: tuple[Step, ...] = ()
) -> Iterator[tuple[Step, tuple[Step, ...]]]:
    """Each step with those that it can go back to: of its own row and of the rows around it."""
    for step in steps:
        yield step, before
        if isinstance(step, Choose | Together):
            for branch in step.branches:
                yield from with_earlier(branch.steps, before)
        before = (*before, step)


def takes_several(step: Step) -> TypeGuard[Together | Matrix]:
    """Whether several of its ways can go on at the same time."""
    return isinstance(step, Together) or (isinstance(step, Matrix) and step.hit == "all")


def takes_one(step: Step) -> bool:
    """Whether it has ways of which a case takes exactly one."""
    return isinstance(step, Choose) and not takes_several(step)


def outcome_variable(step: Ask | Inform) -> str:
    """What one person's answer is kept in."""
    return f"{step.id}_outcome"


def answered(step: Act) -> str:
    """The variable that takes what another system answers: {status, body}. Empty: as it comes."""
    return f"{step.id}_answer" if step.action == HTTP_CALL else ""


def found_people(step: Ask | Inform) -> str:
    """FEEL for those who were looked up."""
    return f"{step.id}_asked.people"


def left_out(step: Ask | Inform) -> str:
    """FEEL for those who were named, but could not do it."""
    return f"get or else({step.id}_asked.left_out, [])"


def names_several(step: Ask | Inform) -> bool:
    """Whether whoever names those who do it may name several."""
    return isinstance(step, Ask) and step.how != "one"


def asks_each(step: Ask | Inform) -> bool:
    """Whether it counts what each of those named says."""
    return isinstance(step, Ask) and step.how in ("all", "share", "in_order")


def appointed_variable(step_id: str) -> str:
    """What the name is kept in of whoever was chosen to do the step."""
    return f"{step_id}_appointed"


def outcomes_variable(step: Ask) -> str:
    """The answers of several, in the order in which they were asked."""
    return f"{step.id}_outcomes"
