"""What a process has worked out once and its tests would work out again and again.

Each test has an engine of its own, and each engine would compile every statement anew, where a
server does so once. Statements that were compiled for one are taken by all of the same kind, and so
are templates of one application by all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

from engine import db


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """For every engine and every application that is made in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("_sqlite", "_postgresql"):
            patch.setattr(db, kind, _sharing(getattr(db, kind)))
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": _Kept()})
        yield


class _Kept(BytecodeCache):
    """Templates by name and text."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


def _sharing(make: Callable[..., Engine]) -> Callable[..., Engine]:
    compiled: LRUCache[Any, Any] = LRUCache(4000)

    def made(*given: Any, **options: Any) -> Engine:
        engine = make(*given, **options)
        engine.dialect.__class__ = _alike(type(engine.dialect))
        engine._compiled_cache = compiled
        return engine

    return made


@cache
def _alike(kind: type[Dialect]) -> type[Dialect]:
    """The same dialect, equal to every other that speaks to the same version: a statement is kept
    under the dialect that it was compiled for.
    """

    def equal(self: Any, other: object) -> bool:
        return type(self) is type(other) and _version(self) == _version(other)

    words = {
        "__eq__": equal,
        "__hash__": lambda _self: hash(kind),
        # asked for of each class, never inherited
        "supports_statement_cache": kind.supports_statement_cache,
    }
    return type(kind.__name__, (kind,), words)


def _version(dialect: Any) -> Any:
    """None until it has spoken to a server."""
    return getattr(dialect, "server_version_info", None)
