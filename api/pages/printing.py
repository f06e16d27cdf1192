"""A version of a process on paper: its picture, and what each step asks for in words."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from api import trust
from api.downloads import name_download
from api.pages import thdate
from api.pages.desk import actor, db, now, system
from api.pages.diagram import diagram_of
from api.pages.faces import face, meet
from api.pages.heat import drawn
from api.pages.i18n import gettext as _
from api.pages.i18n import language
from api.pages.printed_steps import steps_of
from api.pages.shell import Shell
from api.pages.site import site
from api.picture import Picture
from engine.ids import parse_id
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from signing.render.process import Before, Printed, Section, Told, print_process
from signing.render.process_picture import Way


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
    diagram = diagram_of(row.id)
    steps = steps_of(row.key, diagram, parse_id(row.id, "process"))
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
        ways=[Way(line.points, line.style != "flow", line.name) for line in picture.lines],
        heads=[_("ขั้น"), _("ผู้รับผิดชอบ"), _("กำหนดเวลา"), _("ผลที่เลือกได้").capitalize()],
        rows=[steps.row(one) for one in diagram.steps],
        author=agency,
        before=_before(row),
        about=Section(_("ข้อมูลกระบวนการ"), [Told("", [*steps.about()])]),
        steps=_("ขั้นตอน"),
        details=Section(_("รายละเอียดของแต่ละขั้น"), [*steps.details()]),
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
