"""The archive form: PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from signing.archive.finishing import finish
from signing.archive.metadata import Description

__all__ = ["Description", "finish"]
