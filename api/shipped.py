"""Routes that run only as they are shipped: what they decide would mean nothing if whoever may
deploy could draw them otherwise. They are known by the hashes of their bundles.
"""

from __future__ import annotations

from functools import cache

import bpmn
from engine.runtime.bundle import bundle_hash

_SUFFIXES = (".bpmn", ".dmn", ".form.json")
#: Forms that were shipped before and ask no less of people; by folder.
_BEFORE = {
    "withdrawal": frozenset(
        {
            # its lines lay elsewhere
            "6f5e117408bd16f9292064c96b1c4ea1d65d7357db1b9b2849b380f2af44dada",
            # what its steps say of themselves was English
            "3ad80a99d5e304d6485ceb8154227b784ceadd09a14ea28c7dd728721a67b462",
        }
    ),
    "destruction": frozenset({"a6092c66eb62cb1ac34b7a7c2cfaa4d2c36796a3d45ee9c23a8e08d0086032fa"}),
}


@cache
def forms(folder: str) -> frozenset[str]:
    """Bundle hashes of the forms in which the process in this folder of the library runs."""
    files = (bpmn.path() / folder).iterdir()
    found = {one.name: one.read_bytes() for one in files if one.name.endswith(_SUFFIXES)}
    return frozenset({bundle_hash(found, {})}) | _BEFORE.get(folder, frozenset())
