"""The approval matrix in the composer: its table on the card, its form, and what was posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from api.pages import naming
from api.pages.desk import actor, db, system, whole_number
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from forms.thai import western
from office.chains import editing, rules
from office.chains.conditions import grouped
from office.chains.matrix import editing as tables
from office.chains.matrix import usable, way_of
from office.chains.matrix import words as matrix_words
from office.chains.matrix.judging import LONGEST, MOST_RULES
from office.chains.matrix.telling import cell_told, rule_told
from office.chains.matrix.ways import answer_of
from office.chains.model import Ask, Cell, Chain, Field, Matrix, Rule, Step, Who, called
from office.chains.words import REMARKS, filled

Posted = MultiDict[str, Any]
#: what a rule names that names no way yet
UNNAMED = tables.UNNAMED
#: a line of the form that is no rule
_SAYS_NOTHING = Rule((), UNNAMED)


@dataclass(frozen=True, slots=True)
class Told:
    """The table on its card: the labels of its columns, and each rule's cells with its way."""

    columns: Sequence[str]
    rows: Sequence[tuple[Sequence[str], str]]


def told(step: Step, chain: Chain) -> Told | None:
    if not isinstance(step, Matrix):
        return None
    fields = _fields(step, chain)
    return Told(
        [field.label for field in fields],
        [
            ([cell_told(*pair) for pair in zip(rule.cells, fields, strict=False)], _way(step, rule))
            for rule in step.rules
        ],
    )


def as_said(field: Field) -> Field:
    """The field with its label for whoever reads."""
    return replace(field, label=label_of(field))


def label_of(field: Field) -> str:
    return called(field, english=language() == "en")


def _fields(step: Matrix, chain: Chain) -> list[Field]:
    return [as_said(chain.field(key) or Field(key, key)) for key in step.columns]


def _way(step: Matrix, rule: Rule) -> str:
    number = way_of(step, rule)
    return "–" if number is None else step.branches[number].label


def leading(step: Matrix, number: int) -> str:
    """Which rules lead to a way, in short."""
    found = [n for n, rule in enumerate(step.rules, 1) if way_of(step, rule) == number]
    if found:
        return _("ข้อ %(numbers)s", numbers=", ".join(map(str, found)))
    return _("เมื่อไม่มีข้อใดตรง") if number == len(step.branches) - 1 else _("ไม่มีข้อใดพามา")


def hit(step: Step, held: Sequence[int], taken: str, chain: Chain) -> str:
    """Of a trial: the rules that held, what they ask, and the way that was taken."""
    if not isinstance(step, Matrix):
        return taken
    said = [f"{n} ({rule_told(step, step.rules[n - 1], chain)})" for n in held]
    if not said:
        return _("ไม่มีข้อใดตรง ไปทาง “%(way)s”", way=taken)
    return _("ข้อ %(rules)s ไปทาง “%(way)s”", rules=", ".join(said), way=taken)


def remarks_of(chain: Chain) -> Iterator[tuple[str, str, str]]:
    """(card's id, its name, what should be known before it is published)."""
    for one in rules.remarks(chain):
        step = chain.step(one.step)
        pair = filled(REMARKS[one.code], one.detail)
        yield one.step, step.name if step else "", pair[language() == "en"]


# ---- the form


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell of the form. `at` ends the names of its inputs."""

    at: str
    field: Field
    cell: Cell

    @property
    def low(self) -> str:
        return grouped(self.cell.low)

    @property
    def high(self) -> str:
        return grouped(self.cell.high)

    @property
    def typed(self) -> str:
        return ", ".join(self.cell.values)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule, or with `new` an empty line for one. `way`: the number of its branch, or empty."""

    number: int
    cells: Sequence[Asked]
    way: str
    note: str
    new: bool = False


def options(step: Step, chain: Chain) -> dict[str, Any]:
    """Choices of the form, as the template's `o`."""
    if not isinstance(step, Matrix):
        return {}
    hits = {key: pair[language() == "en"] for key, pair in matrix_words.HITS.items()}
    chosen = _fields(step, chain)
    others = [as_said(one) for one in usable(chain) if one.key not in step.columns]
    return {
        "columns": [(one.key, one.label, one.key in step.columns) for one in (*chosen, *others)],
        "hits": list(hits.items()),
        "rows": _rows(step, chain),
        "ways": [(n, branch.label) for n, branch in enumerate(step.branches)],
    }


def _rows(step: Matrix, chain: Chain) -> list[Row]:
    fields = _fields(step, chain)
    spare = 0 if len(step.rules) >= MOST_RULES or not fields else 1 if step.rules else 2
    empty = Rule(tuple(Cell() for _field in fields), UNNAMED)
    lines = [*step.rules, *([empty] * spare)]
    return [
        Row(n, _asked(n, rule, fields), _number(step, rule), rule.note, n >= len(step.rules))
        for n, rule in enumerate(lines)
    ]


def _asked(number: int, rule: Rule, fields: Sequence[Field]) -> list[Asked]:
    pairs = zip(fields, rule.cells, strict=False)
    return [Asked(f"{number}-{field.key}", field, cell) for field, cell in pairs]


def _number(step: Matrix, rule: Rule) -> str:
    number = way_of(step, rule)
    return "" if number is None else str(number)


# ---- what was posted


def read(posted: Posted, step: Matrix, chain: Chain) -> Matrix:
    """The card as it was filled in; lines that say nothing are no rules."""
    fields = _fields(step, chain)
    rows = [_rule(posted, number, step, fields) for number in range(len(step.rules) + 2)]
    kept = [rule for rule in rows if rule is not None]
    last = len(step.branches) - 1
    labels = [_line(posted, f"label-{n}") for n in range(last + 1)]
    made = replace(step, rules=tuple(kept))
    made = tables.relabelled(made, labels, posted.get("hit", ""))
    wanted = [key for key, _label, _on in options(step, chain)["columns"]]
    chosen = set(posted.getlist("col"))
    return tables.with_columns(made, [key for key in wanted if key in chosen])


def _line(posted: Posted, name: str) -> str:
    return " ".join(posted.get(name, "").replace("\0", "").split())[:LONGEST]


def _rule(posted: Posted, number: int, step: Matrix, fields: Sequence[Field]) -> Rule | None:
    cells = tuple(_cell(posted, f"{number}-{field.key}", field) for field in fields)
    wish = posted.get(f"way-{number}", "")
    if not wish and not any(cell != Cell() for cell in cells):
        return None
    note = _line(posted, f"note-{number}")
    at = whole_number(wish) if wish else -1
    if at == len(step.branches) - 1:
        return Rule(cells, "", note)
    answers = [answer_of(step, branch) for branch in step.branches[:-1]]
    return Rule(cells, (answers[at] if 0 <= at < len(answers) else None) or UNNAMED, note)


def _cell(posted: Posted, at: str, field: Field) -> Cell:
    match field.kind:
        case "number":
            low, high = (one.replace(",", "") for one in _ends(posted, at))
            return Cell(low, high)
        case "date":
            return Cell(*_ends(posted, at))
        case "text":
            typed = (one.strip() for one in _line(posted, f"in-{at}").split(","))
            return Cell(values=tuple(dict.fromkeys(one for one in typed if one)))
        case _:
            return Cell(values=tuple(one for one in posted.getlist(f"in-{at}") if one))


def _ends(posted: Posted, at: str) -> tuple[str, str]:
    low, high = (western(_line(posted, f"{end}-{at}")) for end in ("low", "high"))
    return low, high


def acted(step: Matrix, act: str, chain: Chain, posted: Posted) -> Matrix:
    """After the pressed button of the table, which comes with everything that was filled in."""
    verb, _colon, which = act.partition(":")
    number = whole_number(which) if which else -1
    match verb:
        case "up" | "down":
            moved = tables.move_rule(_lines(step, chain, posted), number, -1 if verb == "up" else 1)
            return _kept(moved)
        case "drop":
            return _kept(tables.remove_rule(_lines(step, chain, posted), number))
        case "unway":
            return tables.remove_way(step, number)
        case "way":
            return _way_for(step, naming.meant("named", posted.get("way_for", "")), chain)
        case _:
            return step


def _lines(step: Matrix, chain: Chain, posted: Posted) -> Matrix:
    """With a rule for each line of the form: its buttons count those that say nothing too."""
    before = chain.step(step.id)
    assert isinstance(before, Matrix), "what was posted is of a matrix"
    fields, rules = _fields(before, chain), iter(step.rules)
    posted_rules = (_rule(posted, n, before, fields) for n in range(len(before.rules) + 2))
    lines = [_SAYS_NOTHING if one is None else next(rules) for one in posted_rules]
    return replace(step, rules=tuple(lines))


def _kept(step: Matrix) -> Matrix:
    return replace(step, rules=tuple(one for one in step.rules if one is not _SAYS_NOTHING))


def _way_for(step: Matrix, principal: str, chain: Chain) -> Matrix:
    """An empty way; or one called like a post, with the card on which its holder approves."""
    if not principal:
        return tables.add_way(step, english=language() == "en")
    found = system().services.directory.describe(db(), actor().agency_id, [principal])
    name = found[principal].name if principal in found else principal.partition(":")[2]
    card = editing.new_step(chain, "approve")
    assert isinstance(card, Ask), "a new approval is somebody's"
    card = replace(card, name=name[:80], who=Who("named", (principal,)))
    return tables.add_way(step, name[:80], (card,))
