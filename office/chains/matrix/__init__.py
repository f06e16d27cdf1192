"""The approval matrix: rules on the fields of a form, each naming the way that a case takes.

In the diagram it is a business rule task, its decision (a table in a file of its own, in the same
deployment) and a gateway whose flows test what the table answered.
"""

from __future__ import annotations

from office.chains.matrix.cells import KINDS, filled, usable, written
from office.chains.matrix.judging import decided, faults, remarks
from office.chains.matrix.tables import file_name, table, tables
from office.chains.matrix.ways import answer_of, condition, gateway, variable, way_of

__all__ = [
    "KINDS",
    "answer_of",
    "condition",
    "decided",
    "faults",
    "file_name",
    "filled",
    "gateway",
    "remarks",
    "table",
    "tables",
    "usable",
    "variable",
    "way_of",
    "written",
]
