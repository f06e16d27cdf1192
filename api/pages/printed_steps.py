"""What the steps of a deployed version ask for, in the words of its paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from uuid import UUID

from api.pages import naming
from api.pages.chain_view import ACTIONS, View
from api.pages.chain_view import said as either
from api.pages.desk import actor, db
from api.pages.diagram import Diagram, Element, with_decisions
from api.pages.difference_words import field_kinds
from api.pages.i18n import documented, language
from api.pages.i18n import gettext as _
from engine.models.forms import SUFFIX, form_source
from engine.queries import definitions
from engine.runtime import read_files
from engine.runtime.diagram import ActionCall, Node, Phrase
from forms.conditions import Condition
from forms.definition import BadForm, Component
from forms.reading import read as read_form
from office.chains import words
from office.chains.errors import NotComposable
from office.chains.model import (
    FIND,
    GO_PAST,
    LETTER,
    Ask,
    Chain,
    Choose,
    Inform,
    Matrix,
    Step,
    called,
)
from office.chains.reading import read as read_chain
from office.chains.telling import Teller, principals
from office.documents.routing import LEVELS as ROUTE
from office.modeling import tables
from office.modeling.tables import Drawn
from office.people.rules import LEVELS as RANKS
from signing.render.process import Told

Facts = Iterator[tuple[str, str]]

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_AS_FEEL = re.compile(r'=?\s*duration\("(.*)"\)')
#: rules of one table that are told
MOST_RULES = 200
#: what the system does by itself
_OURS = frozenset({"serviceTask", "sendTask", "scriptTask", "businessRuleTask"})
_FORKS = frozenset({"exclusiveGateway", "inclusiveGateway"})
#: what of a form asks for nothing
_SHOWN = frozenset({"note", "group", "rule"})


class Steps:
    """Of the diagram that holds this process; where the whole process can be read as cards, in
    their very words.
    """

    def __init__(self, key: str, diagram: Diagram, files: Mapping[str, bytes]) -> None:
        self.diagram, self.files = with_decisions(diagram, files), files
        reading = read_files(files)
        self.process = reading.processes[key]
        beside = [one for one in reading.processes.values() if one.file == self.process.file]
        self._of = {node: one for one in beside for node in one.nodes}
        self._names = naming.names(sorted(set().union(*map(principals, beside))))

    # -- the process as a whole

    def about(self) -> Facts:
        """What it is for, and who may start it with what."""
        if self.process.documentation:
            yield _("คำอธิบาย"), documented(self.process.documentation)
        if self.process.internal:
            yield _("ผู้เริ่มเรื่องได้"), _("ระบบเริ่มให้")
        elif self.process.start_role:
            yield _("ผู้เริ่มเรื่องได้"), self._name(f"role:{self.process.start_role}")
        else:
            yield _("ผู้เริ่มเรื่องได้"), _("ทุกคนในหน่วยงาน")
        if self.process.start_form:
            yield _("แบบฟอร์มเริ่มเรื่อง"), self._form(self.process.start_form.text)

    # -- one row of the table

    def row(self, step: Element) -> list[str]:
        name = self.diagram.called(step.id)
        if step.id not in self._of:  # a kind of step that does not run here
            return [name, "", "", ""]
        return [name, _first_large(self._who(step)), self._due(step), self._outcomes(step)]

    def _who(self, step: Element) -> str:
        node, teller = self._node(step.id), self._teller(step.id)
        card = self._cards.get(step.id)
        if isinstance(card, Ask | Inform) and self._chain is not None:
            english = language() == "en"
            who = words.people_of(card.who, self._chain, self._name, english)
            how = words.how_of(card, self._chain, english) if isinstance(card, Ask) else ""
            return _joined(who, how)
        if step.kind == "userTask":
            who = teller.who(node) or _("ผู้เริ่มเรื่อง")
            return _joined(who, teller.several(node))
        if node.settings.action and node.settings.action.name == FIND:
            return _("ระบบหา: %(who)s", who=teller.looked_up(node))
        if step.kind == "callActivity" and node.called:
            return _("กระบวนการ “%(name)s”", name=self._called(node.called))
        return _("ระบบ") if step.kind in _OURS else ""

    def _due(self, step: Element) -> str:
        settings = self._node(step.id).settings
        if settings.due is None:
            return ""
        text = duration(settings.due.text)
        if not text:
            return _("ตามสูตรของขั้น")
        return _("%(time)s (เวลาทำการ)", time=text) if settings.due_working else text

    def _outcomes(self, step: Element) -> str:
        return ", ".join(map(either, step.outcomes.values()))

    # -- everything else that is to be told of an element

    def details(self) -> Iterator[Told]:
        """Of each element of which there is something to tell, in the order of the picture."""
        for element in self.diagram.elements.values():
            if element.id in self._of:
                facts = [*self._facts(element)]
                if facts:
                    yield Told(self.diagram.called(element.id), facts)

    def _facts(self, element: Element) -> Facts:
        node = self._node(element.id)
        if node.documentation:
            yield _("คำอธิบาย"), documented(node.documentation)
        card = self._cards.get(element.id)
        if card is not None and self._chain is not None:
            yield _("ความหมาย"), self._view.sentence(card)
        elif self._chain is None:
            yield from self._drawn(node)
        yield from self._asked(node)
        yield from self._decided(element)
        if isinstance(card, Choose) and not isinstance(card, Matrix) and self._chain is not None:
            for branch in card.branches:
                english = language() == "en"
                yield branch.label, words.condition_of(branch.condition, self._chain, english)
        elif self._chain is None and node.type in _FORKS:
            yield from self._ways(node)

    def _drawn(self, node: Node) -> Facts:
        """What no card says of a step, for it is none."""
        settings, teller = node.settings, self._teller(node.id)
        barred = teller.barred(node)
        if barred:
            yield _("ผู้ห้ามทำ"), barred
        if settings.skip_same_person:
            yield _("การผ่านเอง"), _("ผ่านเองเมื่อคนเดิมทำไว้แล้ว")
        act = {"confirm": _("ผู้ตอบยืนยันตัวตนอีกครั้ง"), "sign": _("ลงนามดิจิทัล"),
               "acknowledge": _("รับทราบเท่านั้น")}.get(settings.act or "")  # fmt: skip
        if act:
            yield _("สิ่งที่ต้องทำเมื่อเสร็จ"), act
        if settings.due is not None and not duration(settings.due.text):
            yield _("กำหนดเวลา"), _phrase(settings.due)
        if settings.escalation:
            yield _("เมื่อพ้นกำหนด"), _("เลยกำหนดแล้วให้ผู้บังคับบัญชาด้วย")
        if settings.returns:
            names = [self.diagram.called(one.text) for one in settings.returns]
            yield _("ส่งคืนได้ถึงขั้น"), ", ".join(names)
        if settings.hidden:
            yield _("ไม่เห็น"), ", ".join(teller.variable(one.text) for one in settings.hidden)
        if settings.action and settings.action.name not in (FIND, GO_PAST):
            given = "; ".join(
                f"{one.name} = {_phrase(one.value)}" for one in settings.action.inputs
            )
            yield (
                _("สิ่งที่ระบบทำ"),
                f"{settings.action.name} ({given})" if given else (settings.action.name),
            )
        if node.event and node.event.timer:
            timer = node.event.timer
            yield _("ตัวตั้งเวลา"), duration(timer.value.text) or _phrase(timer.value)

    def _asked(self, node: Node) -> Facts:
        if node.settings.form:
            yield _("แบบฟอร์มที่ใช้"), self._form(node.settings.form.text)

    def _form(self, key: str) -> str:
        """The fields of a form, each with what it takes."""
        source = form_source(self.files, key)
        try:
            fields = [*_fields(read_form(source))] if source else []
        except BadForm:
            fields = []
        return ", ".join(map(_field, fields)) or key

    def _decided(self, element: Element) -> Facts:
        """The tables that a step asks, the answer's first, with those that it stands on."""
        wanted = [element.decides[0]] if element.decides else []
        seen: set[str] = set()
        while wanted:
            found = self._decisions.get(wanted.pop(0))
            if found is not None and found.id not in seen:
                seen.add(found.id)
                yield _("ตารางตัดสินใจ"), "\n".join([found.name, *_rules(found)])
                wanted += found.needs

    @cached_property
    def _decisions(self) -> Mapping[str, Drawn]:
        """By id and by name."""
        models = (content for name, content in self.files.items() if name.endswith(".dmn"))
        every = [one for content in models for one in tables.decisions(content)]
        return {one.name: one for one in every} | {one.id: one for one in every}

    def _ways(self, node: Node) -> Facts:
        for flow in self.diagram.flows.get(node.id, ()):
            to = self.diagram.called(flow.target)
            name = self._of[node.id].flows[flow.id].name
            if flow.condition:
                yield (
                    name or _("เงื่อนไข"),
                    _("FEEL “%(feel)s” ไป “%(step)s”", feel=flow.condition, step=to),
                )
            elif flow.id == node.default:
                yield name or _("นอกจากนั้น"), _("ไป “%(step)s”", step=to)

    # -- names

    @cached_property
    def _chain(self) -> Chain | None:
        try:
            return read_chain(self.files, self.process.id)
        except NotComposable:
            return None

    @cached_property
    def _cards(self) -> Mapping[str, Step]:
        return {} if self._chain is None else {one.id: one for one in self._chain.walk()}

    @cached_property
    def _view(self) -> View:
        assert self._chain is not None
        return View(self._chain)

    def _name(self, principal: str) -> str:
        return self._names.get(principal) or principal.partition(":")[2]

    def _called(self, process: str) -> str:
        found = definitions.latest(db(), actor().agency_id, process)
        return (found[0].name if found else None) or process

    def _node(self, element: str) -> Node:
        return self._of[element].nodes[element]

    def _teller(self, element: str) -> Teller:
        return self._tellers[self._of[element].id]

    @cached_property
    def _tellers(self) -> Mapping[str, Teller]:
        english = language() == "en"
        return {one.id: Teller(one, self._labels, self._name, english) for one in self._of.values()}

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        """What the forms call their variables."""
        found: dict[str, str] = {}
        for name, content in self.files.items():
            if name.endswith(SUFFIX):
                try:
                    fields = [*_fields(read_form(content))]
                except BadForm:
                    continue
                found = {one.key: one.label for one in fields if one.key and one.label} | found
        return _letter() | found if self.process.internal else found


def _joined(*parts: str) -> str:
    return (", " if language() == "en" else " ").join(filter(None, parts))


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]


def duration(text: str) -> str:
    """A length of time in words; empty where it is none."""
    feel = _AS_FEEL.fullmatch(text.strip())
    found = _DURATION.fullmatch(feel[1] if feel else text.strip())
    if found is None:
        return ""
    units = (_("%(n)s วัน"), _("%(n)s ชั่วโมง"), _("%(n)s นาที"))
    pairs = zip(units, found.groups(), strict=True)
    return " ".join(unit % {"n": number} for unit, number in pairs if number)


def _phrase(value: Phrase) -> str:
    return f"FEEL “{value.feel}”" if value.is_feel else value.text


def _work(action: ActionCall) -> str:
    name = either(ACTIONS[action.name]) if action.name in ACTIONS else action.name
    given = "; ".join(f"{one.name} = {_phrase(one.value)}" for one in action.inputs)
    return f"{name} ({given})" if given else name


def _fields(components: Sequence[Component]) -> Iterator[Component]:
    return (one for each in components for one in each.walk() if one.key and one.kind not in _SHOWN)


def _field(one: Component) -> str:
    marks = [field_kinds().get(one.kind, one.kind)]
    if one.read_only is True:
        marks.append(_("อ่านอย่างเดียว"))
    elif one.rules.required:
        marks.append(_("ต้องกรอก"))
    if isinstance(one.hide, Condition):
        marks.append(_("ซ่อนเมื่อ FEEL “%(feel)s”", feel=one.hide.text))
    return f"{one.label or one.key} ({', '.join(marks)})"


def _rules(found: Drawn) -> Iterator[str]:
    """Each rule of a table on a line of its own, or the formula that it is instead."""
    if found.text:
        yield f"FEEL “{found.text}”"
    if found.table is None:
        return
    inputs, outputs = found.table.inputs, found.table.outputs
    yield _("เมื่อตรงหลายข้อ: %(policy)s", policy=found.table.policy)
    for number, rule in enumerate(found.table.rules[:MOST_RULES], 1):
        pairs = zip(inputs, rule.tests, strict=False)
        asked = ", ".join(f"{one.label} {text}" for one, text in pairs if text.strip(" -"))
        given = zip(outputs, rule.results, strict=False)
        answer = ", ".join(f"{one.label} = {text}" for one, text in given)
        note = f" ({rule.note})" if rule.note else ""
        told = _("%(when)s ตอบ %(answer)s", when=asked or "–", answer=answer)
        yield f"{number}. {told}{note}"
    left = len(found.table.rules) - MOST_RULES
    if left > 0:
        yield _("และอีก %(n)s ข้อ", n=left)


def _letter() -> dict[str, str]:
    """What a letter brings along: its facts, and the posts above whoever drafts it."""
    posts = {name: either(RANKS[level]) for name, level in ROUTE.items()}
    return posts | {one.key: called(one, english=language() == "en") for one in LETTER}


def steps_of(key: str, diagram: Diagram, definition_id: UUID) -> Steps:
    return Steps(key, diagram, definitions.files(db(), actor().agency_id, definition_id))
