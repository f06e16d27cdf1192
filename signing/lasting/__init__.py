"""Signatures that outlive their certificates: what proves them, kept inside the document, and a
timestamp over all of it (PAdES B-LT and B-LTA).
"""

from __future__ import annotations

from signing.lasting.asking import check_not_revoked
from signing.lasting.http import HttpStatuses
from signing.lasting.local import LocalStatuses
from signing.lasting.sealing import Lasting, lasting
from signing.lasting.statuses import Statuses

__all__ = [
    "HttpStatuses",
    "Lasting",
    "LocalStatuses",
    "Statuses",
    "check_not_revoked",
    "lasting",
]
