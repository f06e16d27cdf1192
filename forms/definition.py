"""A form as plain values: components with their rules, and findings where a file is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from forms.conditions import Condition


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a definition, at a JSON pointer (RFC 6901), and what to do."""

    pointer: str
    message: str
    mend: str


class BadForm(Exception):
    """Expected a form definition that can be compiled, but it has findings."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(f"{first.pointer}: {first.message} {first.mend}")


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a value must fulfil. Lengths count UTF-16 units, as browsers do."""

    required: bool = False
    least: Decimal | int | Condition | None = None
    most: Decimal | int | Condition | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: Any = None
    #: email or phone
    looks_like: str | None = None
    decimals: int | None = None
    not_past: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """One element of a form. `kind` is what it shows; `key` (inputs only) the variable it sets."""

    kind: str
    id: str
    pointer: str
    key: str | None = None
    label: str = ""
    description: str = ""
    text: str = ""
    rules: Rules = field(default_factory=Rules)
    options: Sequence[Option] = ()
    #: name of the variable that holds the options, instead of `options`
    options_from: str | None = None
    hide: Condition | None = None
    read_only: bool | Condition = False
    default: Any = None
    columns: int | None = None
    rows: int | None = None
    prefix: str = ""
    suffix: str = ""
    #: of a field for files: HTML's `accept`, and whether it takes several
    accept: str = ""
    several: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)
    children: Sequence[Component] = ()

    def walk(self) -> Iterator[Component]:
        yield self
        for child in self.children:
            yield from child.walk()
