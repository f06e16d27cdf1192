"""`migrate`: a stored state of one version becomes a state of another, or says why it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from engine.errors import FieldError, Invalid
from engine.runtime.advance import Scopes, revived
from engine.runtime.bundle import Bundle
from engine.runtime.errors import Stuck
from engine.runtime.instance import Instance
from engine.runtime.migration.settling import Settling
from engine.runtime.migration.targets import Misfit, Targets
from engine.runtime.migration.values import Fate, Migration, Renamed
from engine.runtime.places.containers import Root, Trigger
from engine.runtime.places.events import Boundary
from engine.runtime.places.place import Place
from engine.runtime.result import Before, answer
from engine.runtime.tokens import Task
from engine.runtime.values import Advance, Scope, Step, Surroundings

_SAME: Mapping[str, str] = {}


def migrate(
    old: Bundle,
    new: Bundle,
    state: bytes,
    scopes: Scopes,
    around: Surroundings,
    mapping: Mapping[str, str] = _SAME,
) -> Migration:
    """Every token to the element of its own id in the new version, or to what `mapping` says.

    Pure, like every verb: asking only is calling it and throwing the answer away. Called processes
    go to the version that the new one pins. Raises Invalid where `mapping` names what is not there.
    """
    _check_mapping(old, new, mapping)
    instance = revived(old, state, scopes, around)
    return _Moving(instance, new, Targets(new, mapping)).go()


@dataclass(slots=True)
class _Moving:
    instance: Instance
    new: Bundle
    targets: Targets
    #: of each token, parents first: where it stood
    places: dict[UUID, Place] = field(default_factory=dict)
    fates: dict[UUID, Fate] = field(default_factory=dict)

    def go(self) -> Migration:
        before = Before.of(self.instance)
        tokens = list(self.instance.tasks.values())
        for token in tokens:
            self._find(token)
        if self._refused:
            return self._told()
        settling = Settling(self.instance, self.targets)
        renamed = list(self._renamed(tokens))
        self._rehouse(settling, tokens)
        self._settle(settling)
        if self._refused:
            return self._told()
        self.instance.drive()
        self._refuse_stuck()
        if self._refused:
            return self._told()
        advance = self._advance(settling, before, renamed)
        return replace(
            self._told(), advance=advance, tasks=tuple(settling.tasks), renamed=tuple(renamed)
        )

    @property
    def _refused(self) -> bool:
        return any(fate.outcome == "refused" for fate in self.fates.values())

    def _told(self) -> Migration:
        return Migration(tuple(self.fates.values()))

    # -- finding ------------------------------------------------------------------------------

    def _find(self, token: Task) -> None:
        self.places[token.id] = token.task_spec
        try:
            found = self.targets.find(token)
        except Misfit as misfit:
            self._refuse(token, misfit.code, misfit.message)
            return
        if found is None:
            self.fates[token.id] = replace(self._fate(token), target_id=None, outcome="removed")
        elif not isinstance(found, Root):
            self.fates[token.id] = replace(self._fate(token), target_id=found.node.id)

    def _fate(self, token: Task) -> Fate:
        element = self.places.get(token.id, token.task_spec).node.id
        return Fate(token.id.hex, self._scope(token), element, element, "kept")

    def _scope(self, token: Task) -> Scope:
        return self.instance.variables.scope_of(token.task_spec.anchor(token))

    def _refuse(self, token: Task, code: str, message: str) -> None:
        fate = self.fates.get(token.id) or replace(self._fate(token), target_id=None)
        self.fates[token.id] = replace(fate, outcome="refused", code=code, message=message)

    def _renamed(self, tokens: Sequence[Task]) -> Iterator[Renamed]:
        """Elements that history knows under another id; iterations and listeners it never names."""
        for token in tokens:
            old, new = token.task_spec, self.targets.places.get(token.id)
            silent = isinstance(old, Root | Boundary | Trigger) or old.loop is not None
            if new is not None and not silent and new.node.id != old.node.id:
                yield Renamed(self._scope(token), old.node.id, new.node.id)

    # -- moving -------------------------------------------------------------------------------

    def _rehouse(self, settling: Settling, tokens: Sequence[Task]) -> None:
        for token in tokens:
            if token.id in self.targets.places:
                settling.rehouse(token, self.targets.places[token.id])
            else:
                settling.leave(token)
        self.instance.spec = self.instance.task_tree.task_spec.process_spec

    def _settle(self, settling: Settling) -> None:
        for token in list(self.instance.tasks.values()):
            was = self.places[token.id]
            if was is token.task_spec:
                continue  # a called process that the new version pins as the old one did
            try:
                changes = tuple(settling.settle(token, was))
            except Stuck as stuck:
                self._refuse(token, stuck.code, stuck.message)
                continue
            if changes:
                self.fates[token.id] = replace(self.fates[token.id], changes=changes)
            for listener in settling.listen(token, was):
                self.fates[listener.id] = replace(self._fate(listener), outcome="set")

    def _refuse_stuck(self) -> None:
        """What would be an incident the moment it arrives is better not begun."""
        for stuck in self.instance.journal.stuck.values():
            id_ = UUID(hex=stuck.token)
            element = stuck.cause.element_id
            fate = self.fates.get(id_, Fate(stuck.token, stuck.scope, element, element, "set"))
            code, message = stuck.cause.code, stuck.cause.message
            self.fates[id_] = replace(fate, outcome="refused", code=code, message=message)

    def _advance(self, settling: Settling, before: Before, renamed: Sequence[Renamed]) -> Advance:
        """A new subscription or job of the same token first takes the old one's place."""
        made = answer(self.instance, self.new, before)
        return replace(
            made,
            jobs_dropped=(*made.jobs_dropped, *settling.asked_anew),
            subscriptions_dropped=(*made.subscriptions_dropped, *settling.resubscribed),
            steps=(*steps_of(renamed), *made.steps),
        )


def steps_of(renamed: Sequence[Renamed]) -> Iterator[Step]:
    """History goes on under the new ids."""
    for one in renamed:
        yield Step("cancelled", one.old_id, one.scope)
        yield Step("entered", one.new_id, one.scope)


# -- the mapping ------------------------------------------------------------------------------


def _check_mapping(old: Bundle, new: Bundle, mapping: Mapping[str, str]) -> None:
    """Elements that are there. Several may become one: a step that went leads on to the next."""
    before = set().union(*(woven.process.nodes for woven in old.woven.values()))
    after = set().union(*(woven.process.nodes for woven in new.woven.values()))
    for source, target in mapping.items():
        if source not in before:
            raise _bad(source, f"Expected elements of the old version, but it has no “{source}”.")
        if target not in after:
            raise _bad(source, f"Expected elements of the new version, but it has no “{target}”.")


def _bad(source: str, message: str) -> Invalid:
    return Invalid(message, [FieldError(f"mapping.{source}", message, "bad_mapping")])
