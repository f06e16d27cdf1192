"""What is asked of a step, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.actor import Principal


@dataclass(frozen=True, slots=True)
class Warned:
    """`code` is one of `words.WARNINGS`, `detail` sign-in names, a step's name or a text.

    Where an expression gives no answer: `missing` is the field that has no value yet, by its
    label, else `why` is what FEEL says of it. Where a step waits for somebody on leave: `until`
    is the last day of it, `acting` those who act for a post of theirs, but not in this step.
    """

    code: str
    detail: str = ""
    why: str = ""
    missing: str = ""
    until: date | None = None
    acting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom a step bars, and what is done where nobody can do it, or only whoever started the case.

    `apart`: steps whose performers may not do it, `besides` other persons; `each`: whether each of
    those named is asked.
    """

    not_starter: bool = False
    besides: frozenset[str] = frozenset()
    apart: tuple[str, ...] = ()
    each: bool = False
    if_nobody: Literal["stop", "pass", "hand"] = "stop"
    instead: tuple[Principal, ...] = ()
    if_starter: str = "same"
    instead_of_starter: tuple[Principal, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is asked. `over`: it is not asked at all, but passed, or the case stops."""

    principals: tuple[Principal, ...]
    warnings: tuple[Warned, ...] = ()
    over: Literal["", "passed", "stuck"] = ""


def never(_answers: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Asked:
    """A step for which people are asked.

    `barred`: persons who may not do it; `apart`: steps whose performers may not. `several`: each of
    them gets a task of their own; `each`: all of them are waited for, unless so many who say yes
    are `enough`. `decides`: they answer, and do not only take note. `proof`: they show that they
    are themselves. `says`: what they are thought to answer, `first` what it is answered with where
    it passes by itself.
    """

    step: str
    principals: tuple[Principal, ...]
    barred: frozenset[str] = frozenset()
    apart: tuple[str, ...] = ()
    several: bool = False
    each: bool = False
    enough: Callable[[int], bool] = never
    decides: bool = True
    of_starter: bool = False
    skip_same: bool = False
    proof: bool = False
    says: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`able` are those who can do it, `away` those of them on leave."""

    able: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    warnings: tuple[Warned, ...] = ()
