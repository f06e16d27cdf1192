"""Which lists of the house a form is given beside the variables of its case."""

from __future__ import annotations

from typing import Any, cast

import pytest
from sqlalchemy import Connection
from support.builders import AGENCY

from engine.bus import Services
from engine.clock import Clock
from engine.offered import with_lists
from engine.twins import FixedDirectory, PermissiveForms, PlainCalendars, PlainHouseLists

UNITS = [{"value": "unit:desk", "label": "Desk"}]
OWN: list[Any] = []


@pytest.mark.parametrize(
    ("source", "known", "given"),
    [
        (b'{"reads": ["units", "amount"]}', {"amount": 1}, {"amount": 1, "units": UNITS}),
        (b'{"reads": ["amount"]}', {"amount": 1}, {"amount": 1}),
        (b'{"reads": ["units"]}', {"units": OWN}, {"units": OWN}),
        (b"{}", {}, {}),
    ],
)
def test_a_form_is_given_the_lists_that_it_reads(
    source: bytes, known: dict[str, Any], given: dict[str, Any]
) -> None:
    services = Services(
        clock=cast(Clock, None),
        directory=FixedDirectory(),
        calendars=PlainCalendars(),
        forms=PermissiveForms(),
        lists=PlainHouseLists({"units": UNITS, "posts": []}),
    )
    found = with_lists(services, cast(Connection, None), AGENCY, source, known)
    assert found == given
