"""What is kept sealed under the installation's secret: rooms say which of their columns are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values: for which purpose, and whose id each is bound to."""

    column: sa.Column[Any]
    purpose: str
    owner: sa.Column[Any]

    @property
    def name(self) -> str:
        return f"{self.column.table.name}.{self.column.name}"
