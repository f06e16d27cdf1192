"""Whom the agency trusts: authorities added and removed, each as a file."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from api import trust
from api.downloads import name_download
from api.pages.admin.acts import answer
from api.pages.admin.sections import open_sections
from api.pages.desk import actor, db, system
from api.pages.i18n import gettext as _
from api.pages.site import site, takes
from engine.ids import parse_id
from office.documents import queries as documents
from office.documents.commands import AddTrust, RemoveTrust
from office.documents.commands.trust import MOST_BYTES
from signing.verify.trust import anchors


@site.get("/admin/trust")
def trust_page() -> ResponseReturnValue:
    return _page({}, "")


def _page(errors: Mapping[str, str], refused: str, which: str = "") -> str:
    return render_template(
        "admin_trust.html",
        sections=open_sections(),
        added=documents.anchors_of(db(), actor()),
        installed=_installed(),
        errors=errors,
        refused=refused,
        which=which,
    )


def _installed() -> list[str]:
    """Subjects of those that every agency here trusts."""
    found = anchors(trust.anchors(system().settings))
    certificates = [x509.load_der_x509_certificate(one.dump()) for one in found]
    return [one.subject.rfc4514_string() for one in certificates]


@site.post("/admin/trust")
@takes(MOST_BYTES + (64 << 10))
def add_trust() -> ResponseReturnValue:
    upload = request.files.get("file")
    data = upload.stream.read(MOST_BYTES + 1) if upload else b""
    return answer(
        lambda: AddTrust(data),
        lambda errors, refused: _page(errors, refused, "add"),
        _("เพิ่มผู้ออกใบรับรองที่เชื่อถือแล้ว"),
        "/admin/trust",
    )


@site.get("/admin/trust/<anchor_id>.pem")
def trust_file(anchor_id: str) -> ResponseReturnValue:
    der = documents.anchor_file(db(), actor(), parse_id(anchor_id, "anchor"))
    pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    response = Response(pem, mimetype="application/x-pem-file")
    name_download(response, f"{anchor_id}.pem")
    return response


@site.post("/admin/trust/<anchor_id>/remove")
def remove_trust(anchor_id: str) -> ResponseReturnValue:
    return answer(
        lambda: RemoveTrust(parse_id(anchor_id, "anchor"), request.form.get("reason", "")),
        lambda errors, refused: _page(errors, refused, anchor_id),
        _("เลิกเชื่อถือผู้ออกใบรับรองนี้แล้ว"),
        "/admin/trust",
    )
