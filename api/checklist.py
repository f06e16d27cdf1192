"""What a draft still needs before it runs, element by element: for its page and for REST."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from api.mending import editor
from api.pages import diagram
from api.pages.designer_words import SHOWN
from api.pages.diagram import Diagram, Element
from engine.bus import Services
from engine.errors import Problem
from office.modeling import checking, queries
from office.modeling.queries import DraftRow


@dataclass(frozen=True, slots=True)
class Need:
    """`id` is empty for what is about no element; `element` is None where the diagram has none so
    named: then it is mended in `file`, which is edited on `page`, if it has one.
    """

    id: str
    element: Element | None
    problems: Sequence[Problem]
    file: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """`elements`: how many the diagram has of those that happen or decide; `needs`: in the order
    of the findings, those with errors first.
    """

    drawn: Diagram
    elements: int
    needs: Sequence[Need]

    @property
    def errors(self) -> int:
        return sum(one.severity == "error" for need in self.needs for one in need.problems)


def of_draft(
    db: Connection, agency_id: UUID, services: Services, row: DraftRow, at: datetime
) -> Checklist:
    """Of a draft as it stands now; nothing is written."""
    files = queries.files(db, agency_id, row)
    drawn = diagram.read(files[row.file_name])
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem in checking.findings(db, agency_id, services, files, at):
        id_ = problem.element or ""
        file = "" if id_ in drawn.elements else problem.file
        found.setdefault((id_, file), []).append(problem)
    return Checklist(
        drawn,
        sum(one.kind in SHOWN for one in drawn.elements.values()),
        [
            Need(id_, drawn.elements.get(id_), problems, file, editor(row.id, file))
            for (id_, file), problems in found.items()
        ],
    )
