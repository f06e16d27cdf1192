"""Databases for tests: one template of each dialect, built once, cloned for each test."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

import engine.models
import office
from api.migrations.fencing import raise_fences
from engine.db import make_engine, metadata


def load_tables() -> None:
    """Import every room's models, so that `metadata` knows all tables."""
    for module in pkgutil.walk_packages(engine.models.__path__, "engine.models."):
        importlib.import_module(module.name)
    for module in pkgutil.walk_packages(office.__path__, "office."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)


def build(database: Engine) -> None:
    load_tables()
    metadata.create_all(database)
    with database.begin() as db:
        raise_fences(db)


@contextmanager
def sqlite_clone(template: Path, target: Path) -> Iterator[Engine]:
    shutil.copyfile(template, target)
    database = make_engine(f"sqlite:///{target}")
    try:
        yield database
    finally:
        database.dispose()
