"""What comes of a model's tests: each case's failures, and the flows that no case takes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.actor import Principal
from office.modeling.cases import Case


@dataclass(frozen=True, slots=True)
class Failure:
    """`code`: value, form, not_waiting, outcome, stuck, path, end, variable, answer, refused,
    looked_up (today nobody can say whom), too_long (all tests of the report together); `at`: the
    element or variable; then what was expected and what was found.
    """

    code: str
    at: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, run. `steps`: elements and flows as they were met; `looked_up`: whom the
    organisation gave, by the element that asked for them and that the case does not answer.
    """

    case: Case
    failures: Sequence[Failure]
    steps: Sequence[str] = ()
    looked_up: Mapping[str, Sequence[Principal]] = field(default_factory=dict)

    @property
    def green(self) -> bool:
        return not self.failures


@dataclass(frozen=True, slots=True)
class Report:
    """`missed`: flows of the process that no case takes, as (id, from, to). `hits`: how often rules
    answered, by their table (`dmn.table_key`) and their number in it.
    """

    outcomes: Sequence[Outcome]
    flows: int = 0
    missed: Sequence[tuple[str, str, str]] = ()
    hits: Mapping[tuple[str, int], int] = field(default_factory=dict)

    @property
    def green(self) -> bool:
        return all(one.green for one in self.outcomes)

    def times(self, table: str, rules: int) -> Sequence[tuple[int, int]]:
        """Each rule of a table, by its key, with how often it answered."""
        return [(n, self.hits.get((table, n), 0)) for n in range(1, rules + 1)]


class Failed(Exception):
    """The case cannot go on."""

    def __init__(self, code: str, at: str = "", expected: str = "", found: str = "") -> None:
        super().__init__(code)
        self.failure = Failure(code, at, expected, found)


def differing(case: Case, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Failure]:
    for name, value in wanted.items():
        if name not in found or found[name] != value:
            present = said(found[name]) if name in found else ""
            yield Failure("variable", name, case.values[name], present)


def said(value: Any) -> str:
    """A value as a test shows it."""
    if isinstance(value, str):
        return f'"{value}"'
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
