"""What a new chain can begin from: templates, and chains that are in use."""

from __future__ import annotations

from collections.abc import Sequence

from api import templating
from api.pages.desk import actor, db
from api.pages.i18n import gettext as _
from engine.queries import definitions
from office.chains import queries

#: before the id of a template, and before that of a published process
TEMPLATE, PUBLISHED = "t", "d"


def sources() -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """What a new chain can begin from, in groups."""
    me = actor().agency_id
    found = templating.of_cards(db(), me)
    own = [(f"{TEMPLATE}:{one.id}", one.name) for one in found if one.saved_by]
    shipped = [(f"{TEMPLATE}:{one.id}", one.name) for one in found if not one.saved_by]
    newest = {row.key: row.id for row in definitions.latest(db(), me)}
    drawn = [row for row in queries.drafts(db(), me) if row.key in newest]
    published = [(f"{PUBLISHED}:{newest[row.key]}", row.name) for row in drawn]
    groups = [
        (_("แม่แบบที่มากับระบบ"), shipped),
        (_("แม่แบบของหน่วยงาน"), own),
        (_("คัดลอกสายที่ใช้อยู่"), published),
    ]
    return [group for group in groups if group[1]]
