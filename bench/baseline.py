"""The baseline: Flask and SQLAlchemy Core doing one SELECT, UPDATE, INSERT and a durable COMMIT.

Run as `python -m bench.baseline PORT DATABASE_URL` under the same gunicorn as the product.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask, jsonify, request
from gunicorn.app.base import BaseApplication

from engine.db import begin_write, make_engine

META = sa.MetaData()
TASK = sa.Table(
    "bench_task",
    META,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("instance_id", sa.Uuid, index=True),
    sa.Column("state", sa.String(20)),
    sa.Column("data", sa.Text),
)
EVENT = sa.Table(
    "bench_event",
    META,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("task_id", sa.Uuid, index=True),
    sa.Column("at", sa.DateTime),
    sa.Column("data", sa.Text),
)
ROWS = 5000


def create(url: str) -> list[str]:
    database = make_engine(url)
    META.drop_all(database)
    META.create_all(database)
    ids = [uuid4() for _ in range(ROWS)]
    with begin_write(database) as db:
        db.execute(
            TASK.insert(), [{"id": i, "instance_id": i, "state": "open", "data": "{}"} for i in ids]
        )
        db.commit()
    database.dispose()
    return [str(i) for i in ids]


def app(url: str) -> Flask:
    made, database = Flask("baseline"), make_engine(url)
    find = sa.select(TASK).where(TASK.c.id == sa.bindparam("task"))
    change = TASK.update().where(TASK.c.id == sa.bindparam("task")).values(data=sa.bindparam("new"))

    @made.get("/healthz")
    def healthz():
        return "ok"

    @made.post("/complete/<uuid:task>")
    def complete(task):
        body = request.get_json()
        with begin_write(database) as db:
            found = db.execute(find, {"task": task}).one()
            db.execute(change, {"task": task, "new": str(body)})
            now = datetime.now(UTC).replace(tzinfo=None)  # noqa: TID251 - the baseline has no clock
            db.execute(EVENT.insert().values(id=uuid4(), task_id=task, at=now, data=str(body)))
            db.commit()
        return jsonify({"id": str(found.id), "state": found.state})

    return made


class Server(BaseApplication):
    def __init__(self, port: int, url: str) -> None:
        self._port, self._url = port, url
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"127.0.0.1:{self._port}",
            "workers": 2,
            "worker_class": "gthread",
            "threads": 8,
            "loglevel": "warning",
            "control_socket_disable": True,
            "keepalive": 30,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return app(self._url)


if __name__ == "__main__":
    Server(int(sys.argv[1]), sys.argv[2]).run()
