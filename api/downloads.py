"""Names of downloads in any script: RFC 6266's `filename*`, with plain ASCII for old clients."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response


def name_download(response: Response, name: str) -> None:
    """Have the browser save the answer as `name`. Header values must be Latin-1; Thai is not."""
    plain = name.encode("ascii", "ignore").decode().strip(" -") or "download"
    encoded = f"UTF-8''{quote(name, safe='')}"
    response.headers.set(
        "Content-Disposition", "attachment", **{"filename": plain, "filename*": encoded}
    )
