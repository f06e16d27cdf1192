"""Addresses of built files: the manifest of the front end, read once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Response, request, url_for

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
#: names carry a hash of the content, so a browser may keep them for ever
FOR_EVER = "public, max-age=31536000, immutable"


@cache
def _manifest() -> dict[str, str]:
    file = DIST / "manifest.json"
    if not file.exists():
        raise FileNotFoundError(
            "Expected the built front end in api/static/dist, but it is not there:"
            " run `make serve` or `python api/web/build_hook.py`."
        )
    return dict(json.loads(file.read_text(encoding="utf-8")))


def asset(name: str) -> str:
    return url_for("static", filename=f"dist/{_manifest()[name]}")


def keep_for_ever(response: Response) -> Response:
    if request.endpoint == "static" and request.path.startswith("/static/dist/"):
        response.headers["Cache-Control"] = FOR_EVER
    return response
