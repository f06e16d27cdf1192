"""The database: one metadata, the column types, and engines for SQLite and PostgreSQL.

All tables of all rooms register in `metadata`; every tenant table starts with `agency_id`.
Rooms use SQLAlchemy Core: statements and rows, no sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.pq import ExecStatus
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection, Dialect, Engine

from engine import joint, jsonio, silence
from engine.cursors import LeanCursor

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


#: What PostgreSQL's policies compare a row's agency with (`api/migrations/fencing`). It is only
#: ever set for a transaction, so that no connection carries it to whoever has it next.
FENCE = "saraban.agency"
_NAME_AGENCY = f"SELECT set_config('{FENCE}', %s, true)"


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. A naive one is a bug and raises."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"Expected an aware datetime, but got the naive {value}.")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(sa.types.TypeDecorator[Any]):
    """JSON text with exact numbers. Text, never jsonb: key order is kept (engine trap 2)."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else jsonio.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else jsonio.loads(value)


def make_engine(url: str, **options: Any) -> Engine:
    """An engine with the settings our promises rest on: `sqlite:///…` or `postgresql://…`."""
    address = sa.make_url(url)
    # Errors are logged, and jobs' errors are shown: neither may tell what was to be written.
    options.setdefault("hide_parameters", True)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, **options)
    if address.get_backend_name() == "postgresql":
        return _postgresql(address, **options)
    raise ValueError(
        "Expected a database URL that begins with sqlite or postgresql,"
        f" but got {address.drivername}."
    )


def _postgresql(address: sa.URL, **options: Any) -> Engine:
    address = address.set(drivername="postgresql+psycopg")
    options.setdefault("pool_size", 8)
    options.setdefault("max_overflow", 8)
    options.setdefault("pool_timeout", 5)
    engine = sa.create_engine(
        address,
        connect_args={
            "connect_timeout": 3,
            "cursor_factory": LeanCursor,
            # A server that has vanished without a word is noticed in seconds, not in hours.
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 2,
            "options": "-c timezone=UTC -c statement_timeout=30000 -c lock_timeout=5000"
            " -c idle_in_transaction_session_timeout=15000"
            # Solid disks and hot pages: with the default of 4, made for spinning ones, the planner
            # reads every open task of the house rather than look up a reader's few hundred.
            " -c random_page_cost=1.1"
            # Many readers at once: none may take the others' cores for a list of twenty rows.
            " -c max_parallel_workers_per_gather=0"
            # Compiling a plan takes longer than any of our statements may.
            " -c jit=off",
        },
        pool_pre_ping=False,
        **options,
    )
    event.listen(engine, "begin", _begin_fenced)
    event.listen(engine, "do_execute", _read_fenced)
    joint.watch(engine)
    return engine


def _begin_fenced(connection: Connection) -> None:
    """Begin a unit of work and name its agency in one message: no trip more than BEGIN alone."""
    agency = connection.get_execution_options().get("saraban_write")
    if agency is not None:
        begin = f"BEGIN; SET LOCAL {FENCE} = '{agency}'"
        raw: Any = connection.connection.driver_connection
        # Straight to libpq: cursors cost as much as the server does. What fails there fails again
        # below, as the kind of error that everybody knows.
        with silence.waiting(connection):
            begun = raw.pgconn.exec_(begin.encode()).status == ExecStatus.COMMAND_OK
        if not begun:
            connection.exec_driver_sql(begin)


def _read_fenced(cursor: Any, statement: str, parameters: Any, context: Any) -> bool | None:
    """Name a reader's agency with its statement: both travel together, as one transaction."""
    agency = context.execution_options.get("saraban_read")
    if agency is None:
        return None
    with cursor.connection.pipeline():
        cursor.connection.execute(_NAME_AGENCY, (agency,))
        cursor.execute(statement, parameters)
    return True


def _sqlite(address: sa.URL, **options: Any) -> Engine:
    engine = sa.create_engine(address, connect_args={"timeout": 5}, **options)

    @event.listens_for(engine, "connect")
    def _configure(raw: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: a write begins with BEGIN IMMEDIATE
        # (see `begin_write`), else two readers that turn writers deadlock.
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("saraban_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@contextmanager
def begin_write(engine: Engine, agency_id: UUID | None = None) -> Iterator[Connection]:
    """A connection in a transaction that may write. The caller (the bus alone) commits it.

    With an agency, PostgreSQL shows and takes no other's rows in it.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection = connection.execution_options(saraban_write=True)  # noqa: PLW2901 - same connection
        elif agency_id is not None:
            # Not the driver but `_begin_fenced` sends BEGIN.
            connection = connection.execution_options(  # noqa: PLW2901 - same connection
                saraban_write=agency_id, isolation_level="AUTOCOMMIT"
            )
        transaction = connection.begin()
        if engine.dialect.name == "postgresql":
            joint.hold_back(connection)
        try:
            yield connection
        except BaseException:
            if not transaction.is_active and not connection.closed:
                # The commit itself failed: whether the driver is still inside the transaction
                # is anybody's guess, so this connection is not used again.
                connection.invalidate()
            raise
        finally:
            joint.forget(connection)
            if transaction.is_active:
                _roll_back(transaction)


def move_fence(connection: Connection, agency_id: UUID | None) -> None:
    """From here on, the open transaction sees and takes this agency's rows alone; None: all."""
    if connection.dialect.name == "postgresql":
        joint.send(connection)
        connection.exec_driver_sql(_NAME_AGENCY, (str(agency_id or ""),))


def _roll_back(transaction: sa.RootTransaction) -> None:
    """Roll back; SQLite has done so by itself when the disk was full, and says there is nothing."""
    try:
        transaction.rollback()
    except sa.exc.OperationalError as error:
        if "no transaction is active" not in str(error.orig):
            raise


def insert_once(table: sa.Table) -> sa.Insert:
    """An INSERT that leaves a row alone whose unique key is there already (rowcount 0).

    On PostgreSQL it waits for whoever is just inserting that key. The construct compiles for both.
    """
    # SQLAlchemy forgets the row count of an INSERT unless it is told to keep it.
    made = postgresql.insert(table).on_conflict_do_nothing()
    return made.execution_options(preserve_rowcount=True)


def storable(text: str) -> str:
    """`text` without what a text column cannot hold: NUL and lone surrogates become U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def reader(engine: Engine, agency_id: UUID | None = None) -> Connection:
    """A connection for queries, never written through. Close it.

    With an agency, PostgreSQL shows no other's rows on it.
    """
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        # no BEGIN and no ROLLBACK to wait for; each statement sees what is committed
        connection = connection.execution_options(
            isolation_level="AUTOCOMMIT", saraban_read=agency_id and str(agency_id)
        )
    return connection


@contextmanager
def reading(engine: Engine, agency_id: UUID | None = None) -> Iterator[Connection]:
    """A `reader` for a while."""
    with reader(engine, agency_id) as connection:
        yield connection
