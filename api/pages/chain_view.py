"""The composer as its page shows it: cards with their sentences, faults and what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from api.pages import chain_matrix, naming
from api.pages.chain_form import CALL_VALUES, NEW_FIELDS, SAID, call_of, said_of, test_of
from api.pages.chain_matrix import label_of
from api.pages.desk import actor, db, system
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from engine.queries import definitions
from office.chains import editing, rules, words
from office.chains.answers import Said, answers, told
from office.chains.conditions import COMPARISONS
from office.chains.model import (
    HTTP_CALL,
    REFUSE,
    STARTER,
    Act,
    Ask,
    Chain,
    Choose,
    Field,
    Forked,
    Inform,
    Matrix,
    Outcome,
    Step,
    Together,
    names_a_case,
    walk,
)
from office.chains.rules import Fault
from office.connectors import queries as connectors
from office.people import queries as people
from office.people.rules import LEVELS

ICONS = {
    "approve": ("circle-check-big", ""), "proofread": ("file-pen-line", "cc"),
    "sign": ("fingerprint-pattern", ""), "consult": ("messages-square", "cc"),
    "inform": ("bell", "cc"),
    "choose": ("waypoints", "cond"), "matrix": ("sheet", "cond"),
    "together": ("layers", "cond"), "wait": ("timer", "auto"),
    "call": ("workflow", "auto"), "act": ("zap", "auto"),
}  # fmt: skip
#: what administrators may let the system do, and what the action is called
ACTIONS: Mapping[str, tuple[str, str]] = {
    "correspondence.register": ("ลงทะเบียนส่งหนังสือ", "Enter the letter in the register"),
    "correspondence.deliver": ("ส่งหนังสือในกระทรวง", "Deliver the letter within the ministry"),
    "documents.file": ("เก็บหนังสือเข้าแฟ้ม", "File the letter"),
}


def said(pair: tuple[str, str]) -> str:
    """Thai or English, as the reader wants it."""
    return pair[language() == "en"]


def kind_of(step: Step) -> str:
    return step.kind if isinstance(step, Ask) else type(step).__name__.lower()


@dataclass(frozen=True, slots=True)
class Card:
    id: str
    number: int
    kind: str
    icon: str
    colour: str
    name: str
    sentence: str
    faults: Sequence[str]
    branches: Sequence[Way] = ()
    table: chain_matrix.Told | None = None


@dataclass(frozen=True, slots=True)
class Way:
    label: str
    told: str
    row: str
    cards: Sequence[Card] = ()


@dataclass
class View:
    """One chain with everything that its pages ask for, read once."""

    chain: Chain
    _numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = {step.id: n for n, step in enumerate(self.chain.walk(), 1)}

    # -- cards ------------------------------------------------------------------------------

    def cards(self, steps: Sequence[Step] | None = None) -> list[Card]:
        return [self._card(step) for step in (self.chain.steps if steps is None else steps)]

    def _card(self, step: Step) -> Card:
        kind = kind_of(step)
        icon, colour = ICONS[kind]
        return Card(
            step.id, self._numbers[step.id], kind, icon, colour, step.name, self.sentence(step),
            self.faults_of(step.id), self._ways(step), chain_matrix.told(step, self.chain),
        )  # fmt: skip

    def _ways(self, step: Step) -> list[Way]:
        if not isinstance(step, Choose | Together):
            return []
        chooses = isinstance(step, Choose)
        return [
            Way(
                branch.label,
                self._condition(step, number) if chooses else "",
                f"{step.id}.{number}",
                self.cards(branch.steps),
            )
            for number, branch in enumerate(step.branches)
        ]

    def _condition(self, step: Forked, number: int) -> str:
        if isinstance(step, Matrix):
            return chain_matrix.leading(step, number)
        condition = step.branches[number].condition
        if not condition and number < len(step.branches) - 1:
            return _("ยังไม่มีเงื่อนไข")
        return words.condition_of(condition, self.chain, language() == "en")

    def sentence(self, step: Step) -> str:
        if isinstance(step, Act) and step.action != HTTP_CALL:
            return said(ACTIONS.get(step.action, (step.action or "–", step.action or "–")))
        return words.sentence(step, self.chain, self.name_of, language() == "en")

    def whole(self, step: Step) -> str:
        """The sentence, and its ways with their conditions."""
        ways = (f"{way.label} ({way.told})" if way.told else way.label for way in self._ways(step))
        return "; ".join([self.sentence(step), *ways])

    @cached_property
    def faults(self) -> list[Fault]:
        return rules.faults(self.chain)

    def faults_of(self, step_id: str) -> list[str]:
        return [self.say(one) for one in self.faults if one.step == step_id]

    def say(self, fault: Fault) -> str:
        text = said(words.FAULTS[fault.code])
        return text % fault.detail if "%s" in text else text

    def all_faults(self) -> list[tuple[str, str, str]]:
        """Card id, its name and what is wrong, for the list beside the cards."""
        found = ((self.chain.step(one.step), one) for one in self.faults)
        return [(one.step, step.name if step else "", self.say(one)) for step, one in found]

    def remarks(self) -> list[tuple[str, str, str]]:
        """Card id, its name and what should be known before it is published."""
        return list(chain_matrix.remarks_of(self.chain))

    # -- people -----------------------------------------------------------------------------

    def name_of(self, principal: str) -> str:
        return self._names.get(principal) or principal.partition(":")[2] or principal

    @cached_property
    def _names(self) -> Mapping[str, str]:
        wanted = sorted({value for step in self.chain.walk() for value in _principals(step)})
        return naming.names(wanted)

    def offered(self, among: str) -> list[tuple[str, str]]:
        """The first whom a field offers, of a key of `naming.AMONG`."""
        return naming.options(among)

    def shown(self, principal: str) -> str:
        """What a field for somebody shows."""
        return naming.shown(principal, self._names.get(principal, ""))

    @property
    def roles(self) -> list[tuple[str, str]]:
        return [(one.code, one.name) for one in people.roles(db(), actor().agency_id)]

    # -- what a card can choose --------------------------------------------------------------

    def options(self, step: Step) -> dict[str, Any]:
        """Choices of the form of one card, as the template's `o`."""
        fields = self.chain.known
        earlier = []
        for one in self.chain.walk():
            if one.id == step.id:
                break
            if isinstance(one, Ask):
                earlier.append((one.id, one.name))
        return {
            "who": [
                ("named", _("ระบุตำแหน่ง หน่วย หรือบุคคล")),
                ("head", _("หัวหน้าของหน่วย")),
                ("members", _("สมาชิกของหน่วย คณะ หรือบทบาท")),
                ("superior", _("ผู้บังคับบัญชาของผู้เริ่มเรื่อง")),
                ("ladder", _("ผู้บังคับบัญชาของผู้เริ่มเรื่อง จนถึงระดับหนึ่ง")),
                ("starter", _("ผู้เริ่มเรื่อง")),
                ("field", _("ผู้ที่เลือกไว้ในแบบฟอร์ม")),
                ("performer", _("ผู้ที่ทำขั้นก่อนหน้า")),
                ("appointed", _("ผู้ที่ผู้ทำขั้นก่อนหน้าเลือก")),
                ("formula", _("นิพจน์ FEEL")),
            ],
            "nobodies": _choices(words.NOBODIES),
            "starters": _choices(words.STARTERS),
            "ranks": [(key, said(pair)) for key, pair in LEVELS.items()],
            "person_fields": [(f.key, label_of(f)) for f in fields if f.kind in ("person", "text")],
            "date_fields": [(f.key, label_of(f)) for f in fields if f.kind == "date"],
            "fields": [(f.key, _asked(f)) for f in fields],
            "said": self._said(step),
            "saids": [said_of(one, self.chain) for one in getattr(step, "branches", ())],
            "buttons": self._buttons(step),
            "tos": self._leads(step),
            "own_fields": self.field_choices,
            "earlier": earlier,
            "namers": self._namers(step),
            "hows": _choices(words.HOWS),
            "lates": _choices(_lates(step)),
            "units": [("days", _("วัน")), ("hours", _("ชั่วโมง"))],
            "refusals": self._refusals(step),
            "may": self._may(step),
            "comparisons": [(key, said(pair)) for key, pair in COMPARISONS.items()],
            "tests": [test_of(one, self.chain) for one in getattr(step, "branches", ())],
            "processes": self._processes(),
            "actions": self._actions(step),
            "action": _action(step),
            "inputs": self._inputs(step),
            **chain_matrix.options(step, self.chain),
        }

    def _said(self, step: Step) -> list[tuple[str, str]]:
        """Answers of earlier steps on which a way can depend."""
        english = language() == "en"
        return [
            (
                f"{SAID}{asked.id}:{one.id}",
                told(Said(asked.id, one.id, asked.how != "one"), self.chain, english),
            )
            for asked, one in answers(self.chain, step.id)
        ]

    def _buttons(self, step: Step) -> list[tuple[Outcome, bool]]:
        """Each with whether it stays and leads where it does, and an empty one for a new."""
        if not isinstance(step, Ask):
            return []
        first = next((one for one in step.outcomes if not one.refuses), None)
        found = [(one, one is first or one.id == REFUSE) for one in step.outcomes]
        return [*found, (Outcome("new", "", ""), False)]

    def _leads(self, step: Step) -> list[tuple[str, str]]:
        goes_on = ("on", _("เรื่องเดินต่อ"))
        no = ("no", _("ไปตาม “ถ้าไม่เห็นชอบ”"))
        return [no] if isinstance(step, Ask) and step.kind == "sign" else [goes_on, no]

    def _namers(self, step: Step) -> list[tuple[str, str]]:
        """Whose performers can choose who does it, and one that was chosen and stands no more."""
        known = [(one.id, one.name) for one in rules.may_appoint(self.chain, step.id)]
        who = step.who if isinstance(step, Ask | Inform) else None
        kept = who.value if who and who.kind == "appointed" else ""
        if kept and kept not in dict(known):
            found = self.chain.step(kept)
            known.append((kept, found.name if found else kept))
        return known

    def _refusals(self, step: Step) -> list[tuple[str, str]]:
        back = rules.may_go_back_to(self.chain, step.id)
        # a letter is corrected at its draft
        corrected = (
            []
            if self.chain.letter
            else [
                (f"back:{STARTER}", _("คืนผู้เริ่มเรื่องแก้ไข แล้วเริ่มขั้นแรกใหม่")),
                (f"me:{STARTER}", _("คืนผู้เริ่มเรื่องแก้ไข แล้วส่งตรงกลับมา")),
            ]
        )
        return [
            ("none", _("ไม่มีปุ่มไม่เห็นชอบ")),
            ("end", _("เรื่องจบ")),
            *corrected,
            *((f"back:{one.id}", _("กลับไป “%(step)s”", step=one.name)) for one in back),
            ("chosen", _("ผู้ไม่เห็นชอบเลือกเอง")),
            *((f"me:{one.id}", _("กลับไป “%(step)s” แล้วส่งตรงกลับมา", step=one.name)) for one in back),
        ]

    def _may(self, step: Step) -> list[tuple[str, str]]:
        """What whoever refuses can choose from, and what was chosen and stands no more."""
        known = rules.may_choose(self.chain, step)
        kept = step.may if isinstance(step, Ask) else ()
        english = language() == "en"
        return [
            (one, words.target_of(one, self.chain, english))
            for one in (*known, *(one for one in kept if one not in known))
        ]

    def _processes(self) -> list[tuple[str, str]]:
        found = definitions.latest(db(), actor().agency_id)
        return [(row.key, row.name) for row in found if row.startable and row.key != self.chain.key]

    @cached_property
    def _offered_actions(self) -> list[tuple[str, str]]:
        """What the system can do in a chain of this kind, and may call for this process."""
        over = [(key, said(pair)) for key, pair in ACTIONS.items()] if self.chain.letter else []
        granted = [
            one for one in connectors.connectors(db(), actor().agency_id)
            if one.active and self.chain.key in one.processes
        ]  # fmt: skip
        return over + [
            (
                f"{HTTP_CALL} {one.name} {method} {path}",
                _("เรียก %(name)s: %(method)s %(path)s", name=one.title, method=method, path=path),
            )
            for one in granted
            for method in one.methods
            for path in one.paths
        ]

    @property
    def next_action(self) -> str:
        """What the system does next with a letter: the first that the chain has not yet."""
        had = {one.action for one in self.chain.walk() if isinstance(one, Act)}
        return next((one for one in ACTIONS if one not in had), "") if self.chain.letter else ""

    def _actions(self, step: Step) -> list[tuple[str, str]]:
        """And what the card has, though it can be chosen no more."""
        found = list(self._offered_actions)
        kept = _action(step)
        if kept and kept not in dict(found):
            found.append((kept, said(ACTIONS.get(kept, (kept, kept)))))
        return found

    def _inputs(self, step: Step) -> list[tuple[str, str]]:
        if not isinstance(step, Act):
            return []
        if _calls(step):
            shown = [name for name in CALL_VALUES if name != "parameters" or step.places]
            return [(name, step.given(name)) for name in shown]
        action = system().services.actions.get(step.action)
        given = dict(step.inputs)
        names = sorted((action.inputs | action.required) if action else set()) or list(given)
        return [(name, given.get(name, f"={name}")) for name in names]

    def targets(self, step: Step) -> list[tuple[str, str]]:
        """Where the card could stand instead, in any row, in reading order."""
        inside, found = editing.within(step), []
        for row, steps in editing.rows(self.chain):
            for number in range(0 if row in inside else len(steps) + 1):
                beside = {one.id for one in steps[max(number - 1, 0) : number + 1]}
                if step.id not in beside:
                    before = steps[number] if number < len(steps) else None
                    found.append((f"{row}:{number}", self._place(row, before)))
        return found

    def _place(self, row: str, before: Step | None) -> str:
        at = _("ท้ายสุด") if before is None else ""
        if before is not None:
            at = _("ก่อน “%(n)s %(card)s”", n=self._numbers[before.id], card=before.name)
        if not row:
            return at
        card, _dot, number = row.rpartition(".")
        around = self.chain.step(card)
        assert isinstance(around, Choose | Together), "its row stands in it"
        label = around.branches[int(number)].label
        return _("ทาง “%(way)s” ของ “%(card)s”: %(at)s", way=label, card=around.name, at=at)

    def palette(self) -> list[tuple[str, str, str]]:
        return [
            (kind, ICONS[kind][0], said(pair))
            for kind, pair in words.KINDS.items()
            if kind != "act" or self._offered_actions
        ]

    def field_rows(self) -> Iterator[dict[str, Any]]:
        """The fields of the start form, and empty rows for new ones."""
        for one in self.chain.fields:
            yield {
                "key": one.key, "label": one.label, "kind": one.kind, "required": one.required,
                "options": "\n".join(one.options), "several": one.several, "accept": one.accept,
            }  # fmt: skip
        for _number in range(NEW_FIELDS):
            yield {
                "key": "", "label": "", "kind": "text", "required": True, "options": "",
                "several": False, "accept": "",
            }  # fmt: skip

    @property
    def field_choices(self) -> list[tuple[str, str]]:
        return [(one.key, one.label) for one in self.chain.fields]

    @property
    def title_choices(self) -> list[tuple[str, str]]:
        return [(one.key, one.label) for one in self.chain.fields if names_a_case(one)]

    @property
    def field_kinds(self) -> list[tuple[str, str]]:
        return [(kind, said(pair)) for kind, pair in words.FIELD_KINDS.items()]


def _asked(field: Field) -> str:
    """What a condition compares of it."""
    if field.kind == "files":
        return _("จำนวนไฟล์ใน “%(field)s”", field=label_of(field))
    return label_of(field)


def _choices(known: Mapping[Any, tuple[str, str]]) -> list[tuple[Any, str]]:
    return [(key, words.capital(said(pair))) for key, pair in known.items()]


def _lates(step: Step) -> Mapping[str, tuple[str, str]]:
    return words.LAPSES if isinstance(step, Inform) else words.LATES


def _calls(step: Act) -> bool:
    return step.action == HTTP_CALL


def _action(step: Step) -> str:
    """As the field of actions has it."""
    if not isinstance(step, Act):
        return ""
    return call_of(step) if _calls(step) else step.action


def _principals(step: Step) -> Sequence[str]:
    return step.who.principals if isinstance(step, Ask | Inform) else ()


def count_steps(chain: Chain) -> int:
    return sum(1 for _step in walk(chain.steps))
