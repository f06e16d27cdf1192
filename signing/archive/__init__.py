"""The archive form: PDF/A-3a and PDF/UA-1."""

from __future__ import annotations

from signing.archive.finishing import Associated, finish
from signing.archive.metadata import Description

__all__ = ["Associated", "Description", "finish"]
