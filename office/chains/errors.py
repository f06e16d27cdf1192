"""How the composer refuses, with its stable codes."""

from __future__ import annotations

from engine.errors import Rejected


class NotComposable(Rejected):
    """The diagram is none that cards can say; `element` is the first that does not fit.

    `why` is one of `words.WHY`.
    """

    code = "not_composable"

    def __init__(self, element: str, name: str, why: str, detail: str = "") -> None:
        what = f"{element} {name}".strip()
        super().__init__(
            f"Expected a diagram of the composer's patterns, but {what} is not ({why} {detail})."
            " Change it back in the designer, or go on there."
        )
        self.element = element
        self.name = name
        self.why = why
        self.detail = detail
