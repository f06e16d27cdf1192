"""What SpiffWorkflow gets instead of its Python script engine: a refusal."""

from __future__ import annotations

from typing import Any, NoReturn


class NoScripts:
    """Places evaluate FEEL themselves; Spiff's own evaluation (Python) must never be reached."""

    @property
    def environment(self) -> NoScripts:
        return self

    def evaluate(self, *_: Any, **__: Any) -> NoReturn:
        raise AssertionError("Expected FEEL only, but SpiffWorkflow wants to evaluate Python.")

    execute = call_service = evaluate
