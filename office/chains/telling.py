"""Who does the steps of any diagram, as cards say it: also where no card stands behind a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.actor import KINDS, Principal
from engine.runtime.diagram import Node, Phrase, Process, Rule
from office.chains.model import FIND, Act, Chain, Field, Who
from office.chains.reading.cards import FLAT, FOUND, LIST, NAME, found, how, quoted
from office.chains.words import HOWS, people_of


def principals(process: Process) -> set[Principal]:
    """All whom its steps and look-ups name as they are written, to ask what they are called."""
    named: set[Principal] = set()
    for node in process.nodes.values():
        rules = (*node.settings.assignments, *node.settings.exclusions)
        named |= {f"{one.kind}:{_text(one.value)}" for one in rules if _is_named(one)}
        feel = [one.value for one in rules]
        feel += [] if node.repetition is None else [node.repetition.collection]
        feel += [one.value for one in node.settings.action.inputs] if node.settings.action else []
        named |= {name for one in feel if one is not None for name in quoted(one.text)}
    return {one for one in named if one.partition(":")[0] in KINDS}


@dataclass
class Teller:
    """`labels`: what the forms call a variable; `names`: what a principal is called."""

    process: Process
    labels: Mapping[str, str]
    names: Callable[[Principal], str]
    english: bool

    def who(self, node: Node) -> str:
        """Those who may do it, the alternatives one after another; empty where nobody is named."""
        return self._alternatives(node, node.settings.assignments)

    def barred(self, node: Node) -> str:
        """Those who may not."""
        return self._alternatives(node, node.settings.exclusions)

    def several(self, node: Node) -> str:
        """How those who do it share it; empty where it is one task."""
        loop = node.repetition
        if loop is None or loop.kind == "loop":
            return ""
        way, share = how(node)
        if way == "share":
            return self._pick(
                "ต้องเห็นชอบอย่างน้อยร้อยละ %s", "at least %s per cent must agree", str(share)
            )
        told = HOWS[way][self.english]
        if way == "first" or loop.condition is None:
            return told
        ends = self._pick("จบก่อนเมื่อ FEEL “%s”", "or until FEEL “%s” holds", loop.condition.feel)
        return f"{told} {ends}"

    def looked_up(self, finder: Node) -> str:
        """Those whom a call of the organisation finds."""
        return self._said(found(finder))

    def variable(self, name: str) -> str:
        return self.labels.get(name, name)

    # -- rules

    def _alternatives(self, node: Node, rules: Sequence[Rule]) -> str:
        told = [one for rule in rules for one in self._rule(node, rule)]
        return ", ".join(dict.fromkeys(told))

    def _rule(self, node: Node, rule: Rule) -> Iterator[str]:
        if rule.kind == "superior":
            yield self._superior(node, rule)
        elif rule.kind == "starter":
            yield self._said(Who("starter"))
        elif rule.kind == "performer":
            yield self._said(Who("performer", (_text(rule.value),)))
        elif rule.kind == "field":
            yield self._said(Who("field", (_text(rule.value),)))
        elif _is_named(rule):
            yield self.names(f"{rule.kind}:{_text(rule.value)}")
        elif rule.value is not None:
            yield from map(self._said, self._formula(node, rule.value.feel.strip()))

    def _superior(self, node: Node, rule: Rule) -> str:
        level = int(rule.level) if rule.level.isdecimal() else 1
        if rule.value is None:
            return self._said(Who("superior", level=level))
        text = rule.value.feel.strip()
        of = (
            self._formula(node, text) if rule.value.is_feel else [Who("named", (f"person:{text}",))]
        )
        told = ", ".join(map(self._said, of))
        if level == 1:
            return self._pick("ผู้บังคับบัญชาของ%s", "the superior of %s", told)
        return self._pick(
            "ผู้บังคับบัญชาของ%sขึ้นไป %s ระดับ", "the superior of %s, %s levels up", told, str(level)
        )

    def _formula(self, node: Node, feel: str) -> list[Who]:
        """Whom a formula means, where it is one that cards write; else the formula itself."""
        loop = node.repetition
        if loop is not None and loop.collection is not None and feel == loop.item:
            feel = loop.collection.feel.strip()
        asked, listed, flat = (one.fullmatch(feel) for one in (FOUND, LIST, FLAT))
        finders = [found(one) for one in self._finders(asked[1])] if asked else []
        if finders:
            return finders
        if listed is not None:
            return [Who("named", quoted(listed[1]))]
        feel = flat[1].strip() if flat else feel
        return [Who("field" if NAME.fullmatch(feel) else "formula", (feel,))]

    def _finders(self, variable: str) -> Iterator[Node]:
        for node in self.process.nodes.values():
            action = node.settings.action
            if _finds(node) and action is not None and action.result == variable:
                yield node

    def _said(self, who: Who) -> str:
        return people_of(who, self._chain, self.names, self.english)

    @cached_property
    def _chain(self) -> Chain:
        """As much of a chain as words about people ask for: what steps and fields are called."""
        steps = tuple(Act(one.id, one.name or one.id, "") for one in self.process.nodes.values())
        fields = tuple(Field(key, label) for key, label in self.labels.items())
        return Chain(self.process.id, self.process.name, steps, fields)

    def _pick(self, thai: str, english: str, *values: str) -> str:
        return (english if self.english else thai) % values


def _finds(node: Node) -> bool:
    return node.settings.action is not None and node.settings.action.name == FIND


def _is_named(rule: Rule) -> bool:
    """Whether it names somebody by a code, whatever the case holds."""
    return rule.kind in KINDS and rule.value is not None and not rule.value.is_feel


def _text(value: Phrase | None) -> str:
    return "" if value is None else value.text.strip()
