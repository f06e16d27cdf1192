"""Files made into a model that can be evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.dmn.compiler import Code, compiled
from engine.dmn.evaluation import Evaluation, File, Files
from engine.dmn.model import Decision, Definitions, Element, InputData, Key, Knowledge
from engine.dmn.reading import read_files
from engine.dmn.types import types_of
from engine.errors import DeploymentRefused, Problem
from engine.feel.border import outward
from engine.feel.errors import FeelError, LimitExceeded
from engine.feel.evaluation import ZONE, Result
from engine.feel.limits import Limits
from engine.feel.scope import Run

if TYPE_CHECKING:
    from engine.ports import WorkingTime

DECISION = Limits(steps=500_000, items=100_000, text=4_000_000, seconds=2.0)


class UnknownDecision(FeelError):
    """The model has no decision or service of this name or id."""

    code = "unknown_decision"


@dataclass(frozen=True, slots=True)
class Model:
    """Immutable, and safe to share between threads. `problems` were found while reading: an
    element that has one cannot be evaluated, the others can.
    """

    files: Files
    problems: Sequence[Problem]

    def evaluate(
        self,
        decision: str,
        inputs: Mapping[str, Any],
        *,
        now: datetime,
        strict: bool = False,
        working_time: WorkingTime | None = None,
        zone: str = ZONE,
        seconds: float = DECISION.seconds,
    ) -> Any:
        """The value of a decision (or of a decision service or knowledge model called with the
        inputs), found by its name or id, as plain Python. `strict`: a missing input is an error,
        not null. It may take at most `seconds`, and never more than DECISION says.
        """
        result = self.result(
            decision,
            inputs,
            now=now,
            strict=strict,
            working_time=working_time,
            zone=zone,
            seconds=seconds,
        )
        return result.value

    def result(
        self,
        decision: str,
        inputs: Mapping[str, Any],
        *,
        now: datetime,
        strict: bool = False,
        working_time: WorkingTime | None = None,
        zone: str = ZONE,
        seconds: float = DECISION.seconds,
    ) -> Result:
        """The value with its warnings and the number of steps."""
        element = self.find(decision)
        limits = replace(DECISION, seconds=max(0.0, min(seconds, DECISION.seconds)))
        run = Run(now, zone=zone, limits=limits, strict=strict, working_time=working_time)
        evaluation = Evaluation(self.files, run, inputs)
        try:
            value = evaluation.result_of(element)
        except RecursionError:
            raise LimitExceeded("Expected a less deeply nested model.") from None
        return Result(outward(value, DECISION), tuple(run.notices), run.meter.used)

    def find(self, decision: str) -> Element:
        """By name or id; the first file's before the others'."""
        found = [
            each for each in self.decisions() if decision in (each.label, each.name, each.key[1])
        ]
        if not found:
            raise UnknownDecision(f"Expected a decision {decision!r}, but the model has none.")
        return found[0]

    def decisions(self) -> Iterator[Element]:
        """All that can be evaluated, file by file."""
        for file in self.files.values():
            for element in file.definitions.elements.values():
                if not isinstance(element, InputData):
                    yield element


def load(files: Mapping[str, bytes]) -> Model:
    """Raises DeploymentRefused where a file cannot be read at all."""
    read, problems = read_files(files)
    if not read:
        raise DeploymentRefused(problems or [_nothing_to_read()])
    by_namespace = {each.namespace: each for each in read}
    return Model({each.namespace: _ready(each, by_namespace) for each in read}, tuple(problems))


def _nothing_to_read() -> Problem:
    return Problem(
        "", 0, None, None, "no_model", "Expected a .dmn file, but there is none.", "Add one."
    )


def _ready(definitions: Definitions, by_namespace: Mapping[str, Definitions]) -> File:
    code = dict(_compiled(definitions))
    return File(definitions, types_of(definitions, by_namespace), code)


def _compiled(definitions: Definitions) -> Iterator[tuple[Key, Code]]:
    for key, element in definitions.elements.items():
        if isinstance(element, Decision | Knowledge) and element.logic is not None:
            yield key, compiled(element.logic)
