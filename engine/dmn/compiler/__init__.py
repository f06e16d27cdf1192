"""Boxes compiled with FEEL into closures: one compiler for both kinds of nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.dmn import nodes
from engine.dmn.compiler import boxes, tables
from engine.feel.compiler import COMPILERS, Code, Compile
from engine.feel.syntax import Node

_COMPILERS: Mapping[type, Callable[[Any, Compile], Code]] = {
    **COMPILERS,
    nodes.Fitted: boxes.fitted,
    nodes.Broken: boxes.broken,
    nodes.Table: tables.table,
}


def compiled(node: Node) -> Code:
    return _COMPILERS[type(node)](node, compiled)


__all__ = ["Code", "compiled"]
