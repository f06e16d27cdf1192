"""From a document's content to its official page: the one call `render`."""

from __future__ import annotations

from signing.render.press import Rendered, SignatureField, render
from signing.render.template import templates

__all__ = ["Rendered", "SignatureField", "render", "templates"]
