"""Forms of a deployment applied to what people entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.bus import Context
from engine.commands import checks
from engine.errors import FieldError, Invalid
from engine.models.forms import form_source
from engine.offered import with_lists
from engine.runtime import Bundle
from engine.runtime.own_names import form_keys, hidden_names, own_names

_NOT_YOURS = "Expected variables that a person may set, but {!r:.80} is one that {}. Leave it out."


def clean(
    ctx: Context,
    bundle: Bundle,
    form: str,
    data: Mapping[str, Any],
    known: Mapping[str, Any],
    outcome: str | None = None,
    business_key: str | None = None,
    root_id: UUID | None = None,
) -> Mapping[str, Any]:
    """The clean values of `data`, or Invalid with the errors by field. Whoever is named must be
    here, and be cleared for the case of that business key. Files are the actor's own that no case
    has, or such as the case with this root has in the same field.
    """
    source = form_source(bundle.files, form)
    assert source is not None, "the linter has seen that there is one"
    known = with_lists(ctx.services, ctx.db, ctx.actor.agency_id, source, known)
    made = ctx.services.forms.clean(
        source,
        data,
        known,
        ctx.now,
        outcome,
        lambda name: _is_here(ctx, name, business_key),
        lambda name, ids: _files(ctx, root_id, known.get(name), ids),
    )
    if made.errors:
        raise Invalid(
            f"Expected the form {form!r} to be filled in correctly, but"
            f" {len(made.errors)} of its fields are not.",
            [FieldError(problem.path, problem.message) for problem in made.errors],
        )
    return made.values


def _is_here(ctx: Context, name: str, business_key: str | None) -> bool:
    """Whether somebody is behind the sign-in name, or principal, who may be given the case."""
    services, agency_id = ctx.services, ctx.actor.agency_id
    principal = name if ":" in name else f"person:{name}"
    here = services.directory.who_can_act(ctx.db, agency_id, [principal], ctx.now)
    out = services.clearances.kept_out(ctx.db, agency_id, business_key, here, ctx.now)
    return bool(here - out)


def _files(
    ctx: Context, root_id: UUID | None, present: Any, ids: Sequence[str]
) -> Mapping[str, Mapping[str, Any]]:
    """A file that the case has stays where it is: another field could show it to whom its own one
    is hidden from.
    """
    listed = present if isinstance(present, list) else []
    there = {one.get("id") for one in listed if isinstance(one, Mapping)}
    found = ctx.services.files.known(ctx.db, ctx.actor.agency_id, ctx.actor.username, root_id, ids)
    return {name: one.reference for name, one in found.items() if not one.held or name in there}


def hold_files(
    ctx: Context,
    bundle: Bundle,
    form: str,
    values: Mapping[str, Any],
    root_id: UUID,
    task_id: UUID | None = None,
) -> None:
    """The case has the files from now on that the form's clean `values` name."""
    source = form_source(bundle.files, form)
    assert source is not None, "the linter has seen that there is one"
    named = {
        key: [one["id"] for one in values[key]]
        for key in ctx.services.forms.files(source)
        if values.get(key)
    }
    if named:
        ctx.services.files.hold(ctx.db, ctx.actor, root_id, task_id, named, ctx.now)


def check_unasked(
    ctx: Context, data: Mapping[str, Any], bundle: Bundle, key: str, known: Mapping[str, Any]
) -> None:
    """Refuse names that forms of other steps of the process `key` ask for, at work without a form:
    each says who enters what. What stays as it is was sent along, and is no change.
    """
    for form in form_keys(bundle.woven[key].process):
        source = form_source(bundle.files, form)
        asked = ctx.services.forms.keys(source) if source is not None else ()
        for name in sorted(data.keys() & set(asked)):
            if name not in known or known[name] != data[name]:
                raise checks.refused(
                    name, "set_by_form", _NOT_YOURS.format(name, f"the form {form!r:.80} asks for")
                )


def check_free(data: Mapping[str, Any], bundle: Bundle, key: str, known: Mapping[str, Any]) -> None:
    """Refuse names that only the process `key` sets, where no form says what may be entered.

    What stays as it is was sent along, and is no change.
    """
    for name in sorted(own_names(bundle.woven[key].process) & data.keys()):
        if name not in known or known[name] != data[name]:
            raise checks.refused(
                name, "set_by_process", _NOT_YOURS.format(name, "the process sets")
            )


def check_seen(data: Mapping[str, Any], bundle: Bundle, key: str, element_id: str) -> None:
    """Refuse names that the element hides from those who do it."""
    for name in sorted(hidden_names(bundle.woven[key].process, element_id) & data.keys()):
        raise checks.refused(name, "hidden", _NOT_YOURS.format(name, "this step hides"))
