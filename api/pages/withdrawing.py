"""Versions of processes taken out of use, and brought back, from the version's page."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from api.pages import words
from api.pages.desk import run
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.operations import definition_page, show_again
from api.pages.site import site
from engine.commands.definitions import RestoreDefinition, WithdrawDefinition
from engine.commands.deleting import DeleteDefinition
from engine.errors import Conflict, DefinitionInUse, DeploymentRefused, Invalid
from engine.ids import parse_id


@site.post("/definitions/<definition_id>/withdraw")
@shows_again(show_again)
def withdraw_definition(definition_id: str) -> ResponseReturnValue:
    whole = request.form.get("whole_key") == "1"
    this = parse_id(definition_id, "process")
    done = _("เลิกใช้แล้ว เรื่องที่เดินอยู่เดินต่อจนจบ")
    return _act(definition_id, WithdrawDefinition(this, _reason(), whole), done)


@site.post("/definitions/<definition_id>/restore")
@shows_again(show_again)
def restore_definition(definition_id: str) -> ResponseReturnValue:
    this = parse_id(definition_id, "process")
    return _act(definition_id, RestoreDefinition(this, _reason()), _("นำกลับมาใช้แล้ว"))


@site.post("/definitions/<definition_id>/delete")
@shows_again(show_again)
def delete_definition(definition_id: str) -> ResponseReturnValue:
    this = parse_id(definition_id, "process")
    reason = request.form.get("delete_reason", "")
    return _act(definition_id, DeleteDefinition(this, reason), _("ลบรุ่นนี้แล้ว"), "/definitions")


def _reason() -> str:
    return request.form.get("reason", "")


def _act(definition_id: str, command: Any, done: str, to: str = "") -> ResponseReturnValue:
    try:
        run(command)
    except DeploymentRefused as refused:
        said = " ".join(str(problem) for problem in refused.problems)
        return definition_page(definition_id, request.form, {}, said), 422
    except Invalid as wrong:
        return definition_page(definition_id, request.form, words.field_errors(wrong)), 422
    except DefinitionInUse as refused:
        return definition_page(definition_id, request.form, {}, _held_by(refused)), 409
    except Conflict as refused:
        said = words.say(refused)
        return definition_page(definition_id, request.form, {}, said), words.status(refused)
    flash(done, "ok")
    return redirect(to or f"/definitions/{definition_id}", 303)


def _held_by(refused: DefinitionInUse) -> str:
    counted = ", ".join(f"{words.CLAIMS[name]} {n}" for name, n in refused.claims.items())
    return _(
        "ยังมีสิ่งที่อ้างถึงรุ่นนี้: %(counted)s ลบสิ่งเหล่านั้นก่อน ถ้ามีเรื่องอยู่ให้คงเป็นรุ่นที่เลิกใช้",
        counted=counted,
    )
