"""What is wrong with a chain before it can run: each card's own faults, and how cards meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine import feel
from forms.files import kinds_of
from office.chains.answers import read_said
from office.chains.answers import wrong as wrong_answer
from office.chains.conditions import compares, files_compared, read_test
from office.chains.exits import Exits, mixed, passed
from office.chains.matrix.judging import faults as matrix_faults
from office.chains.matrix.judging import remarks as matrix_remarks
from office.chains.matrix.ways import variable
from office.chains.model import (
    DRAFT,
    END,
    NOBODY,
    ONE,
    OPERATORS,
    STARTER,
    Act,
    Ask,
    Branch,
    Call,
    Chain,
    Choose,
    Field,
    Inform,
    Matrix,
    Step,
    Together,
    Wait,
    Who,
    answered,
    appointed_variable,
    found_people,
    names_a_case,
    outcome_variable,
    outcomes_variable,
    refuses,
    takes_one,
    walk,
    with_earlier,
)
from office.chains.reaching import never_taken
from office.documents.rules import WRITING_STEPS
from office.people.rules import LEVELS

KEY = re.compile(r"[a-z][a-z0-9-]{1,59}")
NAME = re.compile(r"[^\W\d]\w{0,59}")
_PRINCIPAL = re.compile(r"(position|role|unit|person):[a-z0-9][a-z0-9._@-]{0,59}")
#: what those named can be, by the kind of `Who`
NAMED = {
    "named": _PRINCIPAL,
    "head": re.compile(r"unit:[a-z0-9][a-z0-9._-]{0,59}"),
    "members": re.compile(r"(unit|role):[a-z0-9][a-z0-9._-]{0,59}"),
}
#: kinds of `Who` by which values of the case name people
_TYPED = frozenset({"field", "appointed", "formula"})
#: beginnings and ends of the names that a diagram gives to what stands around a card
_TAKEN = re.compile(
    r"(x|m|t|i|j|l|r|f|b|n|p|e|y|s|g|w|u|v|z|o|end)_.*|start|end|diagram|plane"
    r"|.*_(outcomes?|asked|who|way|di)"
)
_INSTEAD = re.compile(rf"{_PRINCIPAL.pattern}|{OPERATORS}")
_RESERVED = frozenset({
    "outcome", "asked_one", "loopCounter", "document_id", "resume", "return_to", "return_reason",
    "returned_by_element", "error_code", "error_message",
})  # fmt: skip
_BUTTON = re.compile(r"[A-Za-z]\w{0,39}", re.ASCII)
#: answers that the engine and the pages give themselves
_NO_BUTTON = frozenset({"return", "bypass", "recall", "acknowledge", NOBODY})
MOST_STEPS, MOST_FIELDS, DEEPEST = 60, 40, 4


@dataclass(frozen=True, slots=True)
class Fault:
    """`step` is a card's id (empty: the chain itself); `code` one of `words.FAULTS`."""

    step: str
    field: str
    code: str
    detail: str = ""


def faults(chain: Chain) -> list[Fault]:
    """Everything that keeps the chain from running, in reading order."""
    found = [*_heading(chain), *_fields(chain)]
    for step in chain.walk():
        found += _step(step, chain)
    if chain.letter and chain.steps:
        found += _letter(chain)
    return [*found, *_ways_back(chain)]


def passes_wrongly(chain: Chain) -> list[Step]:
    """Steps that a version published before this rule still passes over for what its starter
    typed, until it is published anew.
    """
    asked = (step for step in chain.walk() if isinstance(step, Ask))
    return [step for step in asked if _is_passed_by_typing(step)]


def _is_passed_by_typing(step: Ask) -> bool:
    """Whoever starts it could name nobody, and decide by that."""
    who = step.who
    return step.kind != "consult" and who.passes and who.kind in _TYPED


def remarks(chain: Chain) -> list[Fault]:
    """What keeps nothing from running, and should be known before publishing: `words.REMARKS`."""
    never = [Fault(step, "branches", "way_never", label) for step, label in never_taken(chain)]
    tables = [
        Fault(step.id, *found)
        for step in chain.walk()
        if isinstance(step, Matrix)
        for found in matrix_remarks(step, chain)
    ]
    return [*never, *tables]


def _heading(chain: Chain) -> Iterator[Fault]:
    if not KEY.fullmatch(chain.key):
        yield Fault("", "key", "key")
    if not chain.name.strip():
        yield Fault("", "name", "name")
    if not chain.steps:
        yield Fault("", "steps", "no_steps")
    if sum(1 for _ in chain.walk()) > MOST_STEPS or _depth(chain.steps) > DEEPEST:
        yield Fault("", "steps", "too_many")
    if chain.letter and (chain.fields or chain.start_role):
        yield Fault("", "letter", "letter_fields")
    if _signatures(chain.steps) > 1:
        yield Fault("", "steps", "sign_twice")
    titled = chain.field(chain.title)
    if chain.title and titled is None:
        yield Fault("", "title", "field_unknown", chain.title)
    if titled is not None and not names_a_case(titled):
        yield Fault("", "title", "title_files", titled.label)
    for step_id, times in Counter(step.id for step in chain.walk()).items():
        if times > 1 or not NAME.fullmatch(step_id) or _TAKEN.fullmatch(step_id):
            yield Fault(step_id, "id", "id", step_id)


def _letter(chain: Chain) -> Iterator[Fault]:
    """A letter's route begins with its draft, is signed once, and is not refused after that."""
    if chain.steps[0].id != DRAFT:
        yield Fault("", "steps", "draft_first")
    if not _signatures(chain.steps):
        yield Fault("", "steps", "sign_missing")
    for step in chain.walk():
        if isinstance(step, Ask) and step.kind == "proofread" and step.id not in WRITING_STEPS:
            yield Fault(step.id, "id", "writes")
        if isinstance(step, Ask) and step.who.judged and _must_be_done(step):
            yield Fault(step.id, "instead", "nobody_must")
        if isinstance(step, Choose | Together) and not takes_one(step):
            inner = [one for branch in step.branches for one in walk(branch.steps)]
            yield from (Fault(one.id, "kind", "sign_parallel") for one in inner if _is_sign(one))
    yield from (Fault(one, "refusal", "refuse_after_sign") for one in _ends_signed(chain.steps))


def _must_be_done(step: Ask) -> bool:
    """Nobody else drafts a letter; one that nobody signs is none."""
    return step.id == DRAFT or (step.kind == "sign" and step.who.passes)


def _is_sign(step: Step) -> bool:
    return isinstance(step, Ask) and step.kind == "sign"


def _ends_signed(steps: Sequence[Step], signed: bool = False) -> Iterator[str]:
    """Steps that can end the case by a refusal when it may be signed already."""
    for step in steps:
        if signed and isinstance(step, Ask) and step.can_end:
            yield step.id
        if isinstance(step, Choose | Together):
            for branch in step.branches:
                yield from _ends_signed(branch.steps, signed)
        signed = signed or any(_is_sign(one) for one in walk((step,)))


def _signatures(steps: Sequence[Step]) -> int:
    """How often the longest way signs."""
    return sum(_signs(step) for step in steps)


def _signs(step: Step) -> int:
    if isinstance(step, Choose) and takes_one(step):
        return max((_signatures(branch.steps) for branch in step.branches), default=0)
    if isinstance(step, Choose | Together):
        return sum(_signatures(branch.steps) for branch in step.branches)
    return _is_sign(step)


def _depth(steps: Sequence[Step]) -> int:
    inner = (
        _depth(branch.steps)
        for step in steps
        if isinstance(step, Choose | Together)
        for branch in step.branches
    )
    return 1 + max(inner, default=0)


def _fields(chain: Chain) -> Iterator[Fault]:
    if len(chain.fields) > MOST_FIELDS:
        yield Fault("", "fields", "too_many")
    taken = _RESERVED | {chain.sent_back, *_set_by_steps(chain)}
    for key, times in Counter(field.key for field in chain.fields).items():
        named = key.endswith(appointed_variable(""))
        if times > 1 or not NAME.fullmatch(key) or key in taken or named:
            yield Fault("", f"field.{key}", "field_key", key)
    for field in chain.fields:
        yield from _field(field)


def _set_by_steps(chain: Chain) -> Iterator[str]:
    """Variables that answers go to: a field of that name would let the starter give them."""
    for step in chain.walk():
        if isinstance(step, Ask | Inform):
            yield from (outcome_variable(step), found_people(step).partition(".")[0])
        if isinstance(step, Ask):
            yield outcomes_variable(step)
        if isinstance(step, Matrix):
            yield variable(step.id)
        if isinstance(step, Act):
            yield answered(step)


def _field(field: Field) -> Iterator[Fault]:
    if not field.label.strip():
        yield Fault("", f"field.{field.key}", "label", field.key)
    options = field.options
    if (field.kind == "choice") != bool(options) or len(set(options)) < len(options):
        yield Fault("", f"field.{field.key}", "options", field.label)
    if field.kind == "check" and field.required:
        yield Fault("", f"field.{field.key}", "check", field.label)
    if not _are_files(field):
        yield Fault("", f"field.{field.key}", "accept", field.label)


def _are_files(field: Field) -> bool:
    """Whether the kinds of files that it takes can be attached; no other field takes any."""
    if field.kind != "files":
        return not field.accept and (not field.several or field.kind == "person")
    try:
        kinds_of(field.accept)
    except ValueError:
        return False
    return True


def _step(step: Step, chain: Chain) -> Iterator[Fault]:
    if not step.name.strip():
        yield Fault(step.id, "name", "name")
    match step:
        case Ask():
            yield from _ask(step, chain)
        case Inform():
            yield from _who(step.id, step.who, chain)
            yield from _fields_of(step, chain)
            yield from _due(step)
            if step.who.if_starter != "same":
                yield Fault(step.id, "if_starter", "if_starter")
        case Wait():
            yield from _wait(step, chain)
        case Call():
            if not step.process or step.process == chain.key:
                yield Fault(step.id, "process", "process")
        case Act():
            yield from _act(step, chain)
        case Matrix():
            yield from (Fault(step.id, *found) for found in matrix_faults(step, chain))
        case Choose():
            yield from _choose(step, chain)
        case Together():
            if len(step.branches) < 2:
                yield Fault(step.id, "branches", "branches")


def _act(step: Act, chain: Chain) -> Iterator[Fault]:
    if not step.action:
        yield Fault(step.id, "action", "action")
    if step.over_letters and not chain.letter:
        yield Fault(step.id, "action", "act_letter")
    if step.places and not step.given("parameters"):
        yield Fault(step.id, "in-parameters", "act_places", ", ".join(step.places))


def _who(step_id: str, who: Who, chain: Chain, how: str = "one") -> Iterator[Fault]:
    known = all(NAMED[who.kind].fullmatch(value) for value in who.values if who.kind in NAMED)
    wanted = who.kind in NAMED or who.kind in ("field", "performer", "appointed", "formula")
    if wanted and not known:
        odd = next(one for one in who.values if not NAMED[who.kind].fullmatch(one))
        yield Fault(step_id, "who", "who_unknown", odd)
        return
    if wanted and not who.value:
        yield Fault(step_id, "who", "nobody")
        return
    yield from _nobody(step_id, who)
    if who.kind == "ladder" and who.rank not in LEVELS:
        yield Fault(step_id, "who", "rank")
    if how != "one" and who.kind in ONE:
        yield Fault(step_id, "how", "only_one")
    if who.kind == "appointed":
        yield from _appointed(step_id, who.value, chain)
    field = chain.field(who.value)
    if who.kind == "field" and (field is None or field.kind not in ("text", "person")):
        yield Fault(step_id, "who", "field_unknown", who.value)
    if who.kind == "field" and field is not None and not field.required:
        yield Fault(step_id, "who", "optional", field.label)
    if who.kind == "performer" and not _earlier_ask(chain, step_id, who.value):
        yield Fault(step_id, "who", "performer")
    if who.kind == "superior" and who.level not in range(1, 10):
        yield Fault(step_id, "who", "level")
    if who.kind == "formula" and (NAME.fullmatch(who.value) or not _is_feel(who.value)):
        yield Fault(step_id, "who", "feel", who.value)


def _nobody(step_id: str, who: Who) -> Iterator[Fault]:
    """What is said of the case that nobody can do it."""
    odd = next((one for one in who.instead if not _INSTEAD.fullmatch(one)), None)
    if odd is not None:
        yield Fault(step_id, "instead", "who_unknown", odd)
    elif (who.if_nobody == "hand") != bool(who.instead):
        yield Fault(step_id, "instead", "instead")
    others = who.instead_of_starter
    odd = next((one for one in others if not _INSTEAD.fullmatch(one)), None)
    if odd is not None:
        yield Fault(step_id, "instead_of_starter", "who_unknown", odd)
    elif (who.if_starter == "hand") != bool(others):
        yield Fault(step_id, "instead_of_starter", "instead_of_starter")


def _earlier_ask(chain: Chain, step_id: str, wanted: str) -> bool:
    for step in chain.walk():
        if step.id == step_id:
            return False
        if step.id == wanted:
            return isinstance(step, Ask)
    return False


def _appointed(step_id: str, wanted: str, chain: Chain) -> Iterator[Fault]:
    namer = next((one for one in _before(chain, step_id) if one.id == wanted), None)
    why = _names_nobody(namer) if isinstance(namer, Ask) else "appoint_step"
    if why:
        yield Fault(step_id, "who", why, namer.name if namer else "")


def _names_nobody(namer: Ask) -> str:
    """Why whoever does the step cannot say who does a later one, as a fault's code. Empty: they
    can. Several decide together, and a step that is passed leaves nobody who has chosen.
    """
    if namer.how != "one":
        return "appoint_several"
    if namer.kind == "sign":
        return "appoint_sign"
    late = namer.due is not None and namer.due.late == "pass"
    passed = late or namer.who.passes or namer.skip_same
    return "appoint_passed" if passed else ""


def _before(chain: Chain, step_id: str) -> Sequence[Step]:
    """The steps that every case has gone through that comes to this one."""
    found = (before for step, before in with_earlier(chain.steps) if step.id == step_id)
    return next(found, ())


def may_appoint(chain: Chain, step_id: str) -> list[Ask]:
    """The steps whose performers could say who does this one, nearest first."""
    earlier = reversed(_before(chain, step_id))
    return [one for one in earlier if isinstance(one, Ask) and not _names_nobody(one)]


def _is_feel(text: str) -> bool:
    try:
        feel.parse(text)
    except feel.FeelError:
        return False
    return True


def _ask(step: Ask, chain: Chain) -> Iterator[Fault]:
    yield from _who(step.id, step.who, chain, step.how)
    yield from _buttons(step)
    if step.who.if_starter != "same" and not step.not_starter:
        yield Fault(step.id, "if_starter", "if_starter")
    if _is_passed_by_typing(step):
        yield Fault(step.id, "instead", "nobody_typed")
    if step.kind == "sign":
        yield from _sign(step, chain)
    for earlier in step.not_those:
        if not _earlier_ask(chain, step.id, earlier):
            yield Fault(step.id, "not_those", "performer")
    only_back = step.refusal == "chosen" and not step.can_end
    if only_back and step.how == "share" and step.who.if_nobody == "pass":
        # those who are missing count as a no, and choose nothing
        yield Fault(step.id, "may", "may_end")
    if bool(step.may) != (step.refusal == "chosen") or len(set(step.may)) < len(step.may):
        yield Fault(step.id, "may", "may")
    if step.to_me and step.refusal != "back":
        yield Fault(step.id, "back_to", "back_to")
    if step.confirm and step.skip_same:
        yield Fault(step.id, "confirm", "confirm_passed")
    if step.confirm and step.kind == "sign":
        yield Fault(step.id, "confirm", "confirm_sign")
    if step.how == "share" and step.share not in range(1, 101):
        yield Fault(step.id, "share", "share")
    if step.edits and step.how != "one":
        yield Fault(step.id, "edits", "edits_of_several")
    yield from _fields_of(step, chain)
    yield from _due(step)


def _due(step: Ask | Inform) -> Iterator[Fault]:
    if step.due is None:
        return
    if step.due.span.amount not in range(1, 1000):
        yield Fault(step.id, "due", "span")
    if step.due.late == "refuse" and not (isinstance(step, Ask) and step.can_refuse):
        yield Fault(step.id, "due", "late_refusal")


def _fields_of(step: Ask | Inform, chain: Chain) -> Iterator[Fault]:
    """What the step may change, and what it does not see."""
    own = {field.key for field in chain.fields}
    edits = step.edits if isinstance(step, Ask) else ()
    for key in (*edits, *step.hides):
        if key not in own:
            yield Fault(step.id, "edits", "field_unknown", key)
    for field in chain.known:
        if field.key in edits and field.key in step.hides:
            yield Fault(step.id, "edits", "edits_hidden", field.label)
        if field.key == chain.title and field.key in step.hides:
            yield Fault(step.id, "edits", "title_hidden", field.label)


def _buttons(step: Ask) -> Iterator[Fault]:
    """The first is what is thought to be answered: it lets the matter go on."""
    ids = [one.id for one in step.outcomes]
    if not ids or refuses(ids[0]) or len(set(ids)) < len(ids):
        yield Fault(step.id, "outcomes", "outcomes")
    if any(not _BUTTON.fullmatch(one) or one in _NO_BUTTON for one in ids):
        yield Fault(step.id, "outcomes", "outcomes")
    no = next((one.name for one in step.outcomes if one.refuses), "")
    if step.can_refuse and not step.noes:
        yield Fault(step.id, "outcomes", "refusal_button")
    elif step.noes and not step.can_refuse:
        yield Fault(step.id, "outcomes", "refusal_way", no)
    if any(not one.name.strip() for one in step.outcomes):
        yield Fault(step.id, "outcomes", "label")


def _sign(step: Ask, chain: Chain) -> Iterator[Fault]:
    if not chain.letter:
        yield Fault(step.id, "kind", "sign_letter")
    if step.how != "one" or step.skip_same:
        yield Fault(step.id, "how", "sign_one")
    if [one.id for one in step.outcomes if not one.refuses] != ["sign"]:
        yield Fault(step.id, "outcomes", "sign_buttons")
    if step.due is not None and step.due.late != "wait":
        yield Fault(step.id, "due", "sign_late")


def _wait(step: Wait, chain: Chain) -> Iterator[Fault]:
    if step.span is None:
        field = chain.field(step.until)
        if field is None or field.kind != "date" or not field.required:
            yield Fault(step.id, "until", "until")
    elif step.span.amount not in range(1, 1000):
        yield Fault(step.id, "span", "span")


def _choose(step: Choose, chain: Chain) -> Iterator[Fault]:
    if len(step.branches) < 2 or step.branches[-1].condition:
        yield Fault(step.id, "branches", "branches")
    for number, branch in enumerate(step.branches[:-1]):
        yield from _branch(step.id, f"branch.{number}", branch, chain)


def _branch(step_id: str, where: str, branch: Branch, chain: Chain) -> Iterator[Fault]:
    said = read_said(branch.condition, chain)
    if said is not None:
        odd = wrong_answer(chain, step_id, said)
        if odd is not None:
            yield Fault(step_id, where, *odd)
        return
    test = read_test(branch.condition, chain.field)
    field = chain.field(test.field) if test else None
    files = files_compared(branch.condition, chain)
    if files is not None:
        yield Fault(step_id, where, "files_asked", files.label)
    elif field is not None and field.kind == "person" and field.several:
        yield Fault(step_id, where, "people_asked", field.label)
    elif not branch.condition or not _is_feel(branch.condition):
        yield Fault(step_id, where, "condition", branch.label)
    elif test is not None and field is None and chain.known:
        yield Fault(step_id, where, "field_unknown", test.field)
    elif field is not None and not field.required and field.kind not in ("check", "files"):
        yield Fault(step_id, where, "optional", field.label)
    elif test and field and not compares(branch.condition, test, field):
        yield Fault(step_id, where, "condition", branch.label)


def _ways_back(chain: Chain) -> Iterator[Fault]:
    exits = Exits.of(chain)
    yield from (Fault(one, "may", "may_mixed") for one in mixed(chain, exits))
    for step, earlier in with_earlier(chain.steps):
        if not isinstance(step, Ask):
            continue
        if step.refusal == "chosen" and not step.ways_back:
            yield Fault(step.id, "may", "may")
        late = step.due is not None and step.due.late == "refuse"
        if late and step.refusal == "chosen" and step.id in exits.backs:
            yield Fault(step.id, "due", "late_choice")
        for target in step.ways_back:
            yield from _way_back(chain, step, target, earlier, exits)


def _way_back(
    chain: Chain, step: Ask, target: str, earlier: Sequence[Step], exits: Exits
) -> Iterator[Fault]:
    found = next((one for one in earlier if one.id == target), None)
    if not isinstance(found, Ask) and not (target == STARTER and not chain.letter):
        yield Fault(step.id, "back_to", "back_to")
        return
    over = passed(chain, step, target)
    if any(isinstance(one, Inform) and one.id not in exits.tells for one in over):
        yield Fault(step.id, "back_to", "back_over_inform")
    if any(isinstance(one, Ask) and one.kind == "sign" for one in over):
        yield Fault(step.id, "back_to", "back_over_sign")


def may_go_back_to(chain: Chain, step_id: str) -> list[Ask]:
    """The steps that a refusal of this one can lead to, nearest first."""
    return [one for one in reversed(_before(chain, step_id)) if isinstance(one, Ask)]


def may_choose(chain: Chain, step: Step) -> list[str]:
    """What whoever refuses the step could choose from: END, STARTER and earlier steps."""
    # a letter is corrected at its draft
    starter = [] if chain.letter else [STARTER]
    return [END, *starter, *(one.id for one in may_go_back_to(chain, step.id))]
