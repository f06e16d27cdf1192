"""What the linter finds in a draft, as the designer's script reads it: by REST and in its page."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from api.mending import mended_on
from api.pages.finding_words import parts_in_thai
from engine.actor import Actor
from engine.errors import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """What a deployment would say: an `error` refuses it, a `warning` does not. `thai` is message
    and mend in Thai; null where there are no Thai words for them. `outside`: what of the agency's
    own set-up it is mended at, such as role:clerk, empty where it is the file; `page`: the path of
    the page on which whoever asks mends it, null where that is the diagram.
    """

    file: str
    line: int
    element: str | None
    attribute: str | None
    code: str
    message: str
    mend: str
    severity: str
    outside: str
    page: str | None
    thai: str | None
    thai_mend: str | None

    @classmethod
    def of(cls, problem: Problem, actor: Actor, draft_id: object) -> Finding:
        message, mend = parts_in_thai(problem)
        thai = f"{message} {mend}".strip() or None
        page = mended_on(problem, actor, draft_id) or None
        return cls(**asdict(problem), page=page, thai=thai, thai_mend=mend or None)
