"""A version of a process on paper: its picture, and what each step asks for in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from api import trust
from api.deployed import BPMN, root_of
from api.downloads import name_download
from api.pages import thdate
from api.pages.desk import actor, db, now, system
from api.pages.diagram import SARABAN, Element, diagram_of
from api.pages.faces import face, meet
from api.pages.heat import drawn
from api.pages.i18n import gettext as _
from api.pages.i18n import language, lazy_gettext
from api.pages.shell import Shell
from api.pages.site import site
from api.picture import Picture
from engine.ids import parse_id
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from signing.render.process import Before, Printed, Way, print_process

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_WHO = {
    "starter": lazy_gettext("ผู้เริ่มเรื่อง"),
    "superior": lazy_gettext("ผู้บังคับบัญชาของผู้เริ่มเรื่อง"),
    "performer": lazy_gettext("ผู้ที่ทำขั้น “%(what)s”"),
    "field": lazy_gettext("ผู้ที่ระบุไว้ใน “%(what)s”"),
    "expression": lazy_gettext("ตามสูตร %(what)s"),
}


@site.get("/definitions/<definition_id>/print")
def print_definition(definition_id: str) -> ResponseReturnValue:
    """Anyone of the agency may see a process, as its cases show it."""
    return paper(parse_id(definition_id, "process"))


def paper(definition_id: UUID) -> Response:
    """The version as a PDF in the reader's language; NotFound in any other agency."""
    row = definitions.one(db(), actor().agency_id, definition_id)
    pdf = print_process(
        _printed(row, drawn(actor().agency_id, definition_id)), trust.typeface(system().settings)
    )
    response = Response(pdf, mimetype="application/pdf")
    name_download(response, f"{row.key}-{row.version}.pdf")
    return response


def _printed(row: DefinitionRow, picture: Picture) -> Printed:
    name, agency = row.name or row.key, Shell().agency
    facts = [
        agency,
        _("รุ่น %(n)s", n=row.version)
        + " · "
        + _("เผยแพร่เมื่อ")
        + " "
        + thdate.stamp(row.created_at, language())
        + " · "
        + _("พิมพ์เมื่อ %(when)s", when=thdate.stamp(now(), language())),
    ]
    return Printed(
        title=name,
        facts=facts,
        alt=_("ผังของ %(name)s ตารางด้านล่างบอกข้อมูลเดียวกัน", name=name),
        width=picture.width,
        height=picture.height,
        shapes=picture.shapes,
        ways=[Way(line.points, line.style != "flow") for line in picture.lines],
        heads=[_("ขั้น"), _("ผู้รับผิดชอบ"), _("กำหนดเวลา"), _("ผลที่เลือกได้")],
        rows=_rows(row),
        author=agency,
        before=_before(row),
    )


def _before(row: DefinitionRow) -> Before:
    """Each version up to this one, with who published it and the note that says why."""
    told = definitions.releases(db(), actor().agency_id, row.key, row.version)
    meet(one.actor for one in told)
    return Before(
        _("ประวัติรุ่น"),
        [_("รุ่น"), _("เผยแพร่เมื่อ"), _("ผู้เผยแพร่"), _("บันทึกของรุ่น")],
        [
            [
                _("รุ่น %(n)s", n=one.version),
                thdate.stamp(one.at, language()),
                face(one.actor).name,
                one.note,
            ]
            for one in told
        ],
    )


def _rows(row: DefinitionRow) -> list[list[str]]:
    diagram = diagram_of(row.id)
    root = root_of(definitions.xml(db(), actor().agency_id, parse_id(row.id, "process")))
    nodes = {node.get("id"): node for node in root.iter(f"{BPMN}*") if node.get("id")}
    names = _names(root)
    said = {step.id: step.name or step.id for step in diagram.steps}
    return [
        [said[step.id], _who(nodes[step.id], names, said), _due(nodes[step.id]), _outcomes(step)]
        for step in diagram.steps
    ]


def _names(root: Any) -> Mapping[str, str]:
    """Of posts, units, roles and people that the diagram names."""
    found = {
        f"{node.get('kind')}:{node.get('value')}" for node in root.iter(f"{SARABAN}assignment")
    }
    described = system().services.directory.describe(db(), actor().agency_id, sorted(found))
    return {principal: one.name for principal, one in described.items()}


def _who(node: Any, names: Mapping[str, str], steps: Mapping[str, str]) -> str:
    said = []
    for one in node.findall(f"{BPMN}extensionElements/{SARABAN}assignment"):
        kind, value = one.get("kind") or "", one.get("value") or ""
        words = _WHO.get(kind)
        text = str(words) % {"what": steps.get(value, value)} if words else ""
        said.append(text or names.get(f"{kind}:{value}", value))
    return ", ".join(said)


def _due(node: Any) -> str:
    due = node.find(f"{BPMN}extensionElements/{SARABAN}due")
    if due is None:
        return ""
    value = due.get("value") or ""
    found = _DURATION.fullmatch(value)
    if found is None:
        return _("ตามสูตรของขั้น")
    units = (_("%(n)s วัน"), _("%(n)s ชั่วโมง"), _("%(n)s นาที"))
    pairs = zip(units, found.groups(), strict=True)
    text = " ".join(unit % {"n": number} for unit, number in pairs if number)
    return text if due.get("working") == "false" else _("%(time)s (เวลาทำการ)", time=text)


def _outcomes(step: Element) -> str:
    english = language() == "en"
    return ", ".join(names[english] for names in step.outcomes.values())
