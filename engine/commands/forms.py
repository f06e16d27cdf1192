"""Forms of a deployment applied to what people entered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import jsonio
from engine.bus import Context
from engine.errors import FieldError, Invalid
from engine.runtime import Bundle

_SUFFIX = ".form.json"


def clean(
    ctx: Context,
    bundle: Bundle,
    form: str,
    data: Mapping[str, Any],
    known: Mapping[str, Any],
    outcome: str | None = None,
) -> Mapping[str, Any]:
    """The clean values of `data`, or Invalid with the errors by field."""
    made = ctx.services.forms.clean(form_source(bundle.files, form), data, known, ctx.now, outcome)
    if made.errors:
        raise Invalid(
            f"Expected the form {form!r} to be filled in correctly, but"
            f" {len(made.errors)} of its fields are not.",
            [FieldError(problem.path, problem.message) for problem in made.errors],
        )
    return made.values


def form_source(files: Mapping[str, bytes], key: str) -> bytes:
    """The form whose file, or whose id inside, is `key`: the linter has seen that there is one."""
    for name, content in files.items():
        if name.rpartition("/")[2] == key + _SUFFIX:
            return content
    return next(
        content
        for name, content in files.items()
        if name.endswith(_SUFFIX) and jsonio.loads(content).get("id") == key
    )
