"""`make bench`: every figure, each beside its baseline, printed and kept in bench/results."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support import postgres

from bench import engine

ALL = {
    "postgresql", "sqlite", "size", "inbox", "migrating", "language", "documents", "designer",
    "preview", "timers",
}  # fmt: skip


def main() -> None:
    wanted = set(sys.argv[1:]) or ALL
    parts = []
    if "postgresql" in wanted:
        with postgres.server(durable=True) as server:
            parts.append(engine.run("Engine on PostgreSQL", server.create, server.process.pid))
    if "sqlite" in wanted:
        parts.append(engine.run("Engine on SQLite", str))
    if "size" in wanted:
        from bench import size

        with postgres.server() as server:
            parts.append(size.run(server.create))
    if "inbox" in wanted:
        from bench import inbox

        with postgres.server(durable=True) as server:
            parts.append(inbox.run(server.create))
    if "migrating" in wanted:
        from bench import migrating

        with postgres.server(durable=True) as server:
            parts.append(migrating.run(server.create))
    if "language" in wanted:
        from bench import language

        parts.append(language.run())
    if "documents" in wanted:
        from bench import documents

        parts.append(documents.run())
    if "designer" in wanted:
        from bench import designer

        parts.append(designer.run())
    if "preview" in wanted:
        from bench import preview

        parts.append(preview.run())
    if "timers" in wanted:
        from bench import timers

        with postgres.server(durable=True) as server:
            parts.append(timers.run(server.create))
    keep(parts)
    print("\n".join(parts))


def keep(parts: list[str]) -> None:
    """Each table replaces the one of its title; those that were not measured now stay."""
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    file = results / "latest.md"
    held = file.read_text(encoding="utf-8") if file.exists() else ""
    tables = {
        part.splitlines()[0]: part.strip()
        for part in re.split(r"^(?=## )", held, flags=re.M)
        if part.strip()
    }
    tables |= {part.splitlines()[0]: part.strip() for part in parts}
    file.write_text("\n\n".join(tables.values()) + "\n", encoding="utf-8")


if sys.argv[1:2] == ["soak"]:
    from bench.soak import run

    sys.exit(run.main(sys.argv[2:]))
main()
