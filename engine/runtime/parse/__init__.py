"""From the XML of a file to the plain facts of its diagram."""

from __future__ import annotations

from engine.runtime.parse.document import read_diagram

__all__ = ["read_diagram"]
