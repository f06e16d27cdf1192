"""Decision models (DMN 1.1 to 1.5): tables, boxed expressions and their requirements, on FEEL.

Law of this room: a model is data; what it says is compiled to the same closures as FEEL, under
the same limits, and nothing in it is ever run as code.
"""

from __future__ import annotations

from engine.dmn.loading import Model, UnknownDecision, load

__all__ = ["Model", "UnknownDecision", "load"]
