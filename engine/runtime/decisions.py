"""How business rule tasks reach decisions: the deployment's own models, or what is handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine import dmn
from engine.errors import DeploymentRefused, Problem
from engine.feel import FeelError
from engine.runtime.errors import Stuck
from engine.runtime.values import Surroundings

#: Evaluates a decision by its name or id. Raises FeelError where it cannot.
Decide = Callable[[str, Mapping[str, Any], Surroundings], Any]


class Decisions:
    """The .dmn files of one deployment, read together."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._model: dmn.Model | None = None
        self.problems: tuple[Problem, ...] = ()
        if files:
            self._load(files)

    def _load(self, files: Mapping[str, bytes]) -> None:
        try:
            self._model = dmn.load(files)
            self.problems = tuple(self._model.problems)
        except DeploymentRefused as refused:
            self.problems = refused.problems

    def findings(self) -> Sequence[Problem]:
        """What only shows when all is read: references, circles, types, names."""
        return () if self._model is None else tuple(dmn.findings(self._model))

    def __contains__(self, ref: str) -> bool:
        if self._model is None:
            return False
        return any(ref in (one.name, one.key[1]) for one in self._model.decisions())

    def __bool__(self) -> bool:
        return self._model is not None

    def decide(self, ref: str, variables: Mapping[str, Any], around: Surroundings) -> Any:
        if self._model is None:
            raise dmn.UnknownDecision(f"Expected the decision {ref!r}, but there is no model.")
        return self._model.evaluate(
            ref,
            variables,
            now=around.now,
            strict=True,
            working_time=around.working_time,
            zone=around.zone,
            seconds=around.allowance.left,
        )


def decided(decide: Decide, ref: str, variables: Mapping[str, Any], around: Surroundings) -> Any:
    """What cannot be decided is an incident at the task that asked."""
    try:
        return decide(ref, variables, around)
    except FeelError as error:
        raise Stuck(error.code, str(error), decision=ref) from None
