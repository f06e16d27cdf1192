"""Connectors to other systems: whom processes may call, how, and a call to try it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from api.pages.admin import said
from api.pages.admin.acts import answer, wrong
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, close_db, db, system, whole_number
from api.pages.i18n import gettext as _
from api.pages.kept import shows_again
from api.pages.rule_words import incident_in_words
from api.pages.site import site
from engine import jsonio
from engine.queries import definitions
from office.connectors import queries, rules
from office.connectors.calling import Call
from office.connectors.commands import RIGHT, RemoveConnector, SaveConnector
from office.connectors.rules import Connector
from office.connectors.trying import Trial, try_call
from office.modeling import queries as modeling
from office.people import queries as people
from office.people.rights import demand

Values = Mapping[str, Any]
#: what stands in the form of a new one
FRESH: Values = {
    "auth": "none", "timeout": 10, "kilobytes": 1024, "attempts": 5, "methods": ["GET"],
    "processes": [], "active": True,
}  # fmt: skip
_LONGEST_SHOWN = 20_000


@site.get("/admin/connectors")
def connector_list() -> ResponseReturnValue:
    demand(actor(), RIGHT)
    return render_template(
        "admin_connectors.html",
        sections=open_sections(),
        rows=queries.connectors(db(), actor().agency_id),
    )


@site.get("/admin/connectors/new")
def new_connector() -> ResponseReturnValue:
    return _new(FRESH, {}, "")


def _new(values: Values, errors: Mapping[str, str], refused: str) -> str:
    demand(actor(), RIGHT)
    return _form(None, values, errors, refused)


def _form(
    row: Connector | None,
    values: Values,
    errors: Mapping[str, str],
    refused: str,
    **more: Any,
) -> str:
    granted = values["processes"]
    return render_template(
        "admin_connector.html",
        sections=open_sections(),
        row=row,
        v=values,
        errors=errors,
        refused=refused,
        methods=rules.METHODS,
        auths=said.options(rules.AUTHS),
        processes=_processes(granted),
        choices={
            "method": [(one, one) for one in (row.methods if row else ())],
            "path": [(one, one) for one in (row.paths if row else ())],
        },
        **{"t": {}, "tried": None, "events": (), "which": "form", **more},
    )


def _processes(granted: Sequence[str]) -> list[tuple[str, str]]:
    """Those that are deployed or drawn, and those that were granted it before they are."""
    me = actor().agency_id
    found = {row.key: row.title for row in modeling.drafts(db(), me) if row.key}
    found |= {row.key: row.name for row in definitions.latest(db(), me)}
    found[rules.SIGNING] = _("ลงนามด้วยบริการระยะไกล (CSC)")
    named = [(key, found.get(key, "")) for key in {*found, *granted}]
    return sorted(named, key=lambda one: (one[0] not in granted, one[1] or one[0]))


def _sent(form: Any) -> dict[str, Any]:
    """The form as it was sent: what stands in it when it is shown again."""
    kept = {name: form.get(name, "") for name in _TEXTS}
    return kept | {
        "methods": form.getlist("methods"),
        "processes": [*form.getlist("processes"), *form.get("more_processes", "").split()],
        "active": bool(form.get("active")),
    }


_TEXTS = (
    "name", "title", "base_url", "paths", "headers", "auth", "auth_name", "timeout", "kilobytes",
    "attempts", "version",
)  # fmt: skip


def _command(name: str, form: Any) -> SaveConnector:
    sent = _sent(form)
    return SaveConnector(
        name,
        sent["title"],
        sent["base_url"],
        sent["methods"],
        sent["paths"].splitlines(),
        sent["processes"],
        dict(_pairs(sent["headers"], ":", "headers")),
        sent["auth"],
        sent["auth_name"].strip(),
        form.get("secret") or None,
        whole_number(sent["timeout"]),
        whole_number(sent["kilobytes"]) * 1024,
        whole_number(sent["attempts"]),
        sent["active"],
        whole_number(sent["version"]),
    )


def _pairs(text: str, between: str, field: str) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, separator, value = line.partition(between)
        if not separator:
            raise wrong(field, _("ใส่บรรทัดละคู่ ชื่อ%(sign)s ค่า", sign=between))
        found.append((name.strip(), value.strip()))
    return found


def _new_again(values: Any) -> ResponseReturnValue:
    return _new(_sent(values), {}, "")


@site.post("/admin/connectors")
@shows_again(_new_again)
def add_connector() -> ResponseReturnValue:
    form = request.form
    name = form.get("name", "").strip()
    return answer(
        lambda: _command(name, form),
        lambda errors, refused: _new(_sent(form), errors, refused),
        _("เพิ่มตัวเชื่อมต่อแล้ว ลองเรียกก่อนให้กระบวนการใช้"),
        f"/admin/connectors/{name}",
    )


@site.get("/admin/connectors/<code>")
def connector_page(code: str) -> ResponseReturnValue:
    return _one(code, None, {}, "")


def _one(
    code: str, values: Values | None, errors: Mapping[str, str], refused: str, **more: Any
) -> str:
    demand(actor(), RIGHT)
    row = queries.one(db(), actor().agency_id, code)
    events = said.told(people.events_of(db(), actor().agency_id, row.id))
    return _form(row, values or _stored(row), errors, refused, events=events, **more)


def _stored(row: Connector) -> Values:
    return {
        **{name: getattr(row, name) for name in Connector.__dataclass_fields__},
        "paths": "\n".join(row.paths),
        "headers": "\n".join(f"{name}: {value}" for name, value in row.headers.items()),
        "kilobytes": -(-row.max_bytes // 1024),
    }


def _change_again(code: str, values: Any) -> ResponseReturnValue:
    return _one(code, _sent(values), {}, "")


@site.post("/admin/connectors/<code>")
@shows_again(_change_again)
def change_connector(code: str) -> ResponseReturnValue:
    form = request.form
    return answer(
        lambda: _command(code, form),
        lambda errors, refused: _one(code, _sent(form), errors, refused),
        _("บันทึกตัวเชื่อมต่อแล้ว มีผลกับการเรียกครั้งถัดไป"),
        f"/admin/connectors/{code}",
    )


@site.post("/admin/connectors/<code>/remove")
def remove_connector(code: str) -> ResponseReturnValue:
    return answer(
        lambda: RemoveConnector(code, whole_number(request.form.get("version", ""))),
        lambda errors, refused: _one(code, None, errors, refused),
        _("ลบตัวเชื่อมต่อและความลับแล้ว"),
        "/admin/connectors",
    )


@site.post("/admin/connectors/<code>/try")
def try_connector(code: str) -> ResponseReturnValue:
    """No redirect: what came back is shown once, and kept nowhere."""
    demand(actor(), RIGHT)
    queries.one(db(), actor().agency_id, code)
    close_db()
    form, errors, tried = request.form, {}, None
    try:
        call = _call(code, form)
    except ValueError as unreadable:
        errors = {"body": str(unreadable)}
    else:
        tried = _told(try_call(system().bus, actor(), call))
    status = 422 if errors else 200
    return _one(code, None, errors, "", which="try", t=form, tried=tried), status


def _call(code: str, form: Any) -> Call:
    body = form.get("body", "").strip()
    try:
        sent = jsonio.loads(body) if body else None
    except ValueError:
        raise ValueError(_('ใส่ JSON เช่น {"amount": 100}')) from None
    parameters, query = (dict(_line(form.get(name, ""))) for name in ("parameters", "query"))
    return Call(code, form.get("method", ""), form.get("path", ""), parameters, query, sent)


def _line(text: str) -> list[tuple[str, str]]:
    split = [line.partition("=") for line in text.splitlines() if line.strip()]
    return [(name.strip(), value.strip()) for name, _between, value in split]


def _told(trial: Trial) -> dict[str, Any]:
    body = trial.body
    text = body if isinstance(body, str) else "" if body is None else jsonio.dumps(body)
    return {
        "status": trial.status,
        "good": trial.status is not None and 200 <= trial.status < 300,
        "took": trial.took_ms,
        "why": incident_in_words(trial.code) or trial.message,
        "detail": trial.message,
        "body": text[:_LONGEST_SHOWN],
    }
