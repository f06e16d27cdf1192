"""One history of all tables. Only this room knows every one of them."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData

import engine.models
import office
from engine.db import metadata

HERE = Path(__file__).parent


def all_tables() -> MetaData:
    """The metadata with every room's tables loaded."""
    for module in pkgutil.walk_packages(engine.models.__path__, "engine.models."):
        importlib.import_module(module.name)
    for module in pkgutil.walk_packages(office.__path__, "office."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    return metadata


def config(database: Engine) -> Config:
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["engine"] = database
    return made


def upgrade(database: Engine, to: str = "head") -> None:
    command.upgrade(config(database), to)


def downgrade(database: Engine, to: str = "base") -> None:
    command.downgrade(config(database), to)


def newest() -> str | None:
    made = Config()
    made.set_main_option("script_location", str(HERE))
    return ScriptDirectory.from_config(made).get_current_head()


def knows(revision: str) -> bool:
    """Whether this version can bring a database of that revision to the newest."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    known = ScriptDirectory.from_config(made).walk_revisions()
    return any(one.revision == revision for one in known)


def present(database: Engine) -> str | None:
    """The revision that the database has, None where it has none."""
    with database.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def write(database: Engine, message: str) -> None:
    """Write a revision that brings this database's tables to what the models say (developers)."""
    command.revision(config(database), message=message, autogenerate=True)
