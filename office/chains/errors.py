"""How the composer refuses, with its stable codes."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import Rejected

#: elements that one refusal names: whoever mends these sees the rest then
MOST = 5


class NotComposable(Rejected):
    """The diagram is none that cards can say; `element` is the first that does not fit.

    `why` is one of `words.WHY`; `others` do not fit either, each another element.
    """

    code = "not_composable"

    def __init__(
        self,
        element: str,
        name: str,
        why: str,
        detail: str = "",
        others: Iterable[NotComposable] = (),
    ) -> None:
        self.element = element
        self.name = name
        self.why = why
        self.detail = detail
        self.others = tuple(others)
        also = "".join(f", nor is {one.told}" for one in self.others)
        super().__init__(
            f"Expected a diagram of the composer's patterns, but {self.called} is not"
            f" ({why} {detail}){also}. Change it back in the designer, or go on there."
        )

    @property
    def called(self) -> str:
        return f"{self.element} {self.name}".strip()

    @property
    def told(self) -> str:
        return f"{self.called} ({self.why} {self.detail})"

    def beside(self, others: Iterable[NotComposable]) -> NotComposable:
        """The same with others that do not fit either, MOST in all."""
        found = {self.about: self}
        for one in (*self.others, *others):
            if len(found) == MOST:
                break
            found.setdefault(one.about, one)
        return NotComposable(
            self.element, self.name, self.why, self.detail, tuple(found.values())[1:]
        )

    @property
    def about(self) -> str:
        """What it is about: an element, or what has no id."""
        return self.element or self.detail
