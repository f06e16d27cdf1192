"""Ways that no case takes, because of the conditions that stand before them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from office.chains.conditions import Test, compares, read_test
from office.chains.model import STARTER, Ask, Branch, Call, Chain, Choose, Field, Step, Together

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a field on the way: the test holds, or it does not."""

    field: Field
    test: Test
    holds: bool


def never_taken(chain: Chain) -> Iterator[tuple[str, str]]:
    """(step, name of the way): told from conditions on one field; others may hold or not."""
    yield from _of_row(chain, chain.steps, ())


def _of_row(
    chain: Chain, steps: Sequence[Step], known: Sequence[Said]
) -> Iterator[tuple[str, str]]:
    for step in steps:
        if not isinstance(step, Choose | Together):
            continue
        before = list(known)
        for branch in step.branches:
            said = _said(chain, branch) if type(step) is Choose else None
            here = [*before, said] if said is not None else before
            if type(step) is Choose and not can_be(here):
                yield step.id, branch.label
            else:
                yield from _of_row(chain, branch.steps, _kept(chain, here))
            if said is not None:
                before.append(Said(said.field, said.test, not said.holds))


def _said(chain: Chain, branch: Branch) -> Said | None:
    test = read_test(branch.condition, chain.field)
    field = chain.field(test.field) if test else None
    return None if test is None or field is None else said_of(branch.condition, test, field)


def said_of(condition: str, test: Test, field: Field) -> Said | None:
    """What is so where the condition, which was read as this test, holds; None: nobody knows."""
    if not compares(condition, test, field):
        return None
    if field.kind in ("text", "lines", "person") and test.comparison not in ("=", "!="):
        return None
    return Said(field, test, holds=True)


def _kept(chain: Chain, known: Iterable[Said]) -> list[Said]:
    """What still stands when a case is inside the way: fields can be changed on it."""
    changing = _changing(chain)
    return [one for one in known if one.field.key not in changing]


def _changing(chain: Chain) -> frozenset[str]:
    asked = [step for step in chain.walk() if isinstance(step, Ask)]
    all_of_them = any(isinstance(step, Call) for step in chain.walk()) or any(
        STARTER in step.ways_back for step in asked
    )
    if all_of_them:
        return frozenset(field.key for field in chain.known)
    return frozenset(key for step in asked for key in step.edits)


def can_be(known: Collection[Said]) -> bool:
    """Whether some values of the fields let all of it be so; each test is about one field."""
    for field in {one.field.key: one.field for one in known}.values():
        about = [one for one in known if one.field.key == field.key]
        values = list(_values(field, [one.test.value for one in about]))
        if not any(all(_holds(one, value) for one in about) for value in values):
            return False
    return True


def _values(field: Field, named: Sequence[str]) -> Iterator[Any]:
    """One value of every kind that the tests tell apart."""
    if field.kind == "check":
        # what was never ticked may be neither
        yield from ("true", "false", "")
    elif field.kind == "choice":
        yield from field.options
    elif field.kind == "number":
        found = sorted({Decimal(one) for one in named})
        yield from found
        yield from (found[0] - 1, found[-1] + 1)
        yield from ((low + high) / 2 for low, high in pairwise(found))
    elif field.kind == "files":
        counts = {int(one) + shift for one in named for shift in (-1, 0, 1)}
        yield from (Decimal(one) for one in counts if one >= 0)
    elif field.kind == "date":
        days = {date.fromisoformat(one) for one in named}
        yield from (one + _DAY * shift for one in days for shift in (-1, 0, 1))
    else:
        yield from (*named, "\0")


def _holds(said: Said, value: Any) -> bool:
    wanted = said.test.value
    known: Any = wanted
    if isinstance(value, Decimal):
        known = Decimal(wanted)
    elif isinstance(value, date):
        known = date.fromisoformat(wanted)
    found = {
        "=": lambda: value == known,
        "!=": lambda: value != known,
        ">": lambda: value > known,
        ">=": lambda: value >= known,
        "<": lambda: value < known,
        "<=": lambda: value <= known,
    }[said.test.comparison]()
    return bool(found) == said.holds
