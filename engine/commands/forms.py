"""Forms of a deployment applied to what people entered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bus import Context
from engine.errors import FieldError, Invalid
from engine.models.forms import form_source
from engine.runtime import Bundle


def clean(
    ctx: Context,
    bundle: Bundle,
    form: str,
    data: Mapping[str, Any],
    known: Mapping[str, Any],
    outcome: str | None = None,
) -> Mapping[str, Any]:
    """The clean values of `data`, or Invalid with the errors by field."""
    source = form_source(bundle.files, form)
    assert source is not None, "the linter has seen that there is one"
    made = ctx.services.forms.clean(source, data, known, ctx.now, outcome)
    if made.errors:
        raise Invalid(
            f"Expected the form {form!r} to be filled in correctly, but"
            f" {len(made.errors)} of its fields are not.",
            [FieldError(problem.path, problem.message) for problem in made.errors],
        )
    return made.values
