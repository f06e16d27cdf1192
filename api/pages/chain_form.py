"""What the composer's forms say: the posted fields as a card, a settings page as a chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, cast

from werkzeug.datastructures import MultiDict

from api.pages import chain_matrix, naming
from api.pages.desk import system, whole_number
from api.pages.i18n import language
from office.chains import editing, words
from office.chains.answers import read_said, write_said
from office.chains.conditions import COMPARISONS, Test, read_test, write_test
from office.chains.model import (
    END,
    HTTP_CALL,
    ONE,
    REFUSE,
    Act,
    Ask,
    Branch,
    Call,
    Chain,
    Choose,
    Due,
    Field,
    FieldKind,
    How,
    Inform,
    Late,
    Matrix,
    Nobody,
    Outcome,
    Own,
    Refusal,
    Span,
    Step,
    Together,
    Unit,
    Wait,
    Who,
    WhoKind,
    names_a_case,
)

Posted = MultiDict[str, Any]
#: begins what a condition can ask for of an earlier step's answer: then step and button
SAID = "said:"
#: what is called, and what can be sent there
_TARGET, CALL_VALUES = ("connector", "method", "path"), ("parameters", "query", "body")
#: empty rows that a settings page offers for new fields
NEW_FIELDS = 2


def read_step(posted: Posted, step: Step, chain: Chain) -> Step:
    """The card as it was filled in; what does not fit is left for the rules to name."""
    name, note = _line(posted, "name"), _line(posted, "note")
    match step:
        case Ask():
            return _ask(posted, replace(step, name=name, note=note))
        case Inform():
            hides = tuple(posted.getlist("hides"))
            return replace(
                step, name=name, note=note, who=_who(posted), hides=hides, due=_due(posted)
            )
        case Wait():
            until = _line(posted, "until")
            return replace(
                step, name=name, note=note, until=until, span=None if until else _span(posted)
            )
        case Call():
            return replace(step, name=name, note=note, process=_line(posted, "process"))
        case Act():
            return _act(posted, replace(step, name=name, note=note))
        case Matrix():
            return chain_matrix.read(posted, replace(step, name=name, note=note), chain)
        case Choose() | Together():
            ways = [_branch(posted, n, one, step, chain) for n, one in enumerate(step.branches)]
            return replace(step, name=name, note=note, branches=tuple(ways))


def _line(posted: Posted, name: str) -> str:
    return " ".join(posted.get(name, "").replace("\0", "").split())[:2000]


def _ask(posted: Posted, step: Ask) -> Ask:
    wish = posted.get("refusal", "none")
    kind, _colon, target = wish.partition(":")
    known: dict[str, Refusal] = {"end": "end", "back": "back", "me": "back", "chosen": "chosen"}
    refusal = known.get(kind, "none")
    may = tuple(posted.getlist("may")) if refusal == "chosen" else ()
    how, who = posted.get("how", "one"), _apart(posted, _who(posted))
    if who.kind in ONE and who.kind != step.who.kind and how == step.how:
        how = "one"  # left as it was for those of whom there were several
    return replace(
        step,
        who=who,
        how=cast(How, how if how in words.HOWS else "one"),
        share=(whole_number(posted.get("share", "")) if how == "share" else 100),
        due=_due(posted),
        refusal=refusal,
        back_to=target if refusal == "back" else "",
        to_me=kind == "me",
        may=may,
        outcomes=_outcomes(posted, step, refusal in ("end", "back") or END in may),
        edits=tuple(posted.getlist("edits")),
        hides=tuple(posted.getlist("hides")),
        not_starter=posted.get("if_starter", "do") != "do",
        not_those=tuple(posted.getlist("not_those")),
        skip_same="skip_same" in posted,
        confirm="confirm" in posted,
    )


def _who(posted: Posted) -> Who:
    policy = cast(Nobody, posted.get("if_nobody", "stop"))
    if policy not in words.NOBODIES:
        policy = "stop"
    instead = _typed(posted, "instead", "instead") if policy == "hand" else ()
    return replace(_rule(posted), if_nobody=policy, instead=instead)


def _apart(posted: Posted, who: Who) -> Who:
    """With what is done where only the starter could do it, who may not."""
    policy = posted.get("if_starter", "do")
    if policy == "do" or policy not in words.STARTERS:
        return who
    others = _typed(posted, "instead_of_starter", "instead") if policy == "hand" else ()
    return replace(who, if_starter=cast(Own, policy), instead_of_starter=others)


def _rule(posted: Posted) -> Who:
    kind = cast(WhoKind, posted.get("who", "named"))
    match kind:
        case "starter":
            return Who("starter")
        case "superior":
            return Who("superior", level=whole_number(posted.get("level", "1")))
        case "ladder":
            return Who("ladder", rank=_line(posted, "who_rank"))
        case "head" | "members":
            return Who(kind, _typed(posted, f"who_{kind}", kind))
        case "field" | "performer" | "appointed" | "formula":
            value = _line(posted, f"who_{kind}")
            return Who(kind, (value,) if value else ())
        case _:
            return Who("named", _typed(posted, "who_named", "named"))


def _typed(posted: Posted, name: str, among: str) -> tuple[str, ...]:
    """The principals that were typed; what names nobody stays for the rules to tell."""
    meant = (naming.meant(among, value) for value in posted.getlist(name))
    return tuple(dict.fromkeys(one for one in meant if one))


def _span(posted: Posted) -> Span:
    unit: Unit = "hours" if posted.get("unit") == "hours" else "days"
    return Span(whole_number(posted.get("amount", "")), unit, "working" in posted)


def _due(posted: Posted) -> Due | None:
    if not posted.get("amount", "").strip():
        return None
    late = posted.get("late", "wait")
    return Due(
        _span(posted), "remind" in posted, cast(Late, late if late in words.LATES else "wait")
    )


def _outcomes(posted: Posted, step: Ask, refusal: bool) -> tuple[Outcome, ...]:
    """The card's buttons as they were typed. One without words goes, but for the first; the usual
    refusal comes and goes with where it leads.
    """
    no = next((one for one in step.outcomes if one.id == REFUSE), None)
    others = [one for one in step.outcomes if one is not no and _is_kept(posted, step, one)]
    made = [_button(posted, one) for one in others]
    if name := _line(posted, "out-new") or _line(posted, "out-new-en"):
        made.append(_button(posted, Outcome("new", name, name)))
    made += [] if not refusal else [words.REFUSAL if no is None else _button(posted, no)]
    ids = {one.id for one in made}
    named = []
    for one in made:
        wish = posted.get(f"out-{one.id}-to", "no" if one.refuses else "on")
        id_ = one.id
        if one.id == "new" or (wish == "no") != one.refuses:
            id_ = next(free for free in _button_ids(wish) if free not in ids)
            ids.add(id_)
        named.append(replace(one, id=id_))
    return tuple(sorted(named, key=lambda one: (one.refuses, one.id != REFUSE and one.refuses)))


def _is_kept(posted: Posted, step: Ask, one: Outcome) -> bool:
    first = next((other.id for other in step.outcomes if not other.refuses), "")
    typed = f"out-{one.id}"
    return one.id == first or typed not in posted or bool(_line(posted, typed))


def _button(posted: Posted, one: Outcome) -> Outcome:
    name = _line(posted, f"out-{one.id}") or one.name
    english = _line(posted, f"out-{one.id}-en") or (one.name_en if one.id != "new" else name)
    return Outcome(one.id, name, english, f"out-{one.id}-reason" in posted)


def _button_ids(wish: str) -> Iterator[str]:
    begins = f"{REFUSE}_" if wish == "no" else "answer"
    return (f"{begins}{n}" for n in count(1))


def _act(posted: Posted, step: Act) -> Act:
    call, *target = action_of(posted).split(" ")
    if call == HTTP_CALL and len(target) == len(_TARGET):
        return _call(posted, step, target)
    names = [name.removeprefix("in-") for name in posted if name.startswith("in-")]
    inputs = tuple((name, _line(posted, f"in-{name}")) for name in names)
    action = _line(posted, "action")
    if action != step.action:  # its inputs were not there to be filled in
        return usual_act(step, action)
    return replace(step, action=action, inputs=tuple((n, v) for n, v in inputs if v))


def usual_act(step: Act, action: str) -> Act:
    """A new card with an action, and what it must be given."""
    return replace(step, action=action, inputs=_usual_inputs(action))


def action_of(posted: Posted) -> str:
    return _line(posted, "action")


def _call(posted: Posted, step: Act, target: Sequence[str]) -> Act:
    """Another system by the connector, method and path that were chosen; values as typed."""
    typed = ((name, _line(posted, f"in-{name}")) for name in CALL_VALUES)
    given = (*zip(_TARGET, target, strict=True), *((n, v) for n, v in typed if v))
    return replace(step, action=HTTP_CALL, inputs=given)


def call_of(step: Act) -> str:
    """The choice of a call, as its field has it."""
    return " ".join((HTTP_CALL, *(step.given(name) for name in _TARGET)))


def _usual_inputs(action: str) -> tuple[tuple[str, str], ...]:
    """What it must be given: from variables of the same names."""
    known = system().services.actions.get(action)
    return tuple((name, f"={name}") for name in sorted(known.required)) if known else ()


def _branch(posted: Posted, number: int, branch: Branch, step: Step, chain: Chain) -> Branch:
    label = _line(posted, f"label-{number}")
    otherwise = not isinstance(step, Choose) or number == len(step.branches) - 1
    condition = "" if otherwise else _condition(posted, number, chain)
    return replace(branch, label=label, condition=condition)


def _condition(posted: Posted, number: int, chain: Chain) -> str:
    """FEEL as it was typed, where the field is “a formula”; else of field, comparison and value."""
    wish = posted.get(f"if-{number}", "")
    field = chain.field(wish)
    if wish.startswith(SAID):
        said, _colon, outcome = wish.removeprefix(SAID).partition(":")
        step = chain.step(said)
        return write_said(step, outcome) if isinstance(step, Ask) else ""
    comparison = posted.get(f"is-{number}", ">")
    if field is None:
        return _line(posted, f"feel-{number}")
    test = Test(field.key, comparison if comparison in COMPARISONS else "=", "")
    value = _line(posted, f"value-{number}")
    try:
        return write_test(replace(test, value=value), field)
    except ValueError:
        # what files cannot be asked is kept, so that it is told
        asks_files = field.kind == "files" and value and '"' not in value and "\\" not in value
        return f'{field.key} {test.comparison} "{value}"' if asks_files else ""


def read_settings(posted: Posted, chain: Chain) -> Chain:
    """Name, title and fields. A row without a label is no field."""
    fields = [_field(posted, number) for number in range(len(chain.fields) + NEW_FIELDS)]
    kept = _with_keys([field for field in fields if field is not None])
    title = _line(posted, "title")
    if not title and kept and "title_first" in posted:
        title = next((one.key for one in kept if names_a_case(one)), "")
    letter = "letter" in posted
    begun = chain
    if letter and not chain.letter:
        begun = editing.as_letter(chain, english=language() == "en")
    return replace(
        begun,
        name=_line(posted, "name"),
        note=_line(posted, "note"),
        start_role=_line(posted, "start_role"),
        title=title or (begun.title if letter else ""),
        fields=kept,
        letter=letter,
        english=posted.get("named", "en" if chain.english else "th") == "en",
    )


def _field(posted: Posted, number: int) -> Field | None:
    label = _line(posted, f"field-{number}")
    if not label:
        return None
    kind = posted.get(f"kind-{number}", "text")
    options = dict.fromkeys(
        one.strip() for one in posted.get(f"options-{number}", "").splitlines() if one.strip()
    )
    return Field(
        key=_line(posted, f"key-{number}"),
        label=label,
        kind=cast(FieldKind, kind if kind in words.FIELD_KINDS else "text"),
        required=f"required-{number}" in posted and kind != "check",
        options=tuple(options) if kind == "choice" else (),
        several=kind in ("files", "person") and f"several-{number}" in posted,
        accept=_line(posted, f"accept-{number}") if kind == "files" else "",
    )


def _with_keys(fields: Sequence[Field]) -> tuple[Field, ...]:
    """A field without a variable gets one that is not taken."""
    taken = {field.key for field in fields}
    free = (key for key in (f"field{n}" for n in count(1)) if key not in taken)
    return tuple(field if field.key else replace(field, key=next(free)) for field in fields)


def said_of(branch: Branch, chain: Chain) -> str:
    """As the choice of a form has it; empty: it is no condition on an answer."""
    said = read_said(branch.condition, chain)
    return f"{SAID}{said.step}:{said.outcome}" if said else ""


def test_of(branch: Branch, chain: Chain) -> Test | None:
    """The simple condition that a form can show; None: it is shown as FEEL."""
    test = read_test(branch.condition, chain.field)
    return test if test is not None and chain.field(test.field) is not None else None
