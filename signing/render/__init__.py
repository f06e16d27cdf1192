"""From a document's content to its official page: the one call `render`."""

from __future__ import annotations

from signing.render.laying import Rendered, SignatureField
from signing.render.press import render
from signing.render.sheet import Window
from signing.render.template import templates

__all__ = ["Rendered", "SignatureField", "Window", "render", "templates"]
