"""Where a form's key leads among the files of a deployment."""

from __future__ import annotations

from collections.abc import Mapping

from engine import jsonio

SUFFIX = ".form.json"


def form_source(files: Mapping[str, bytes], key: str) -> bytes | None:
    """The form whose file is called `key`, or else the one whose id inside is `key`."""
    forms = {name: content for name, content in files.items() if name.endswith(SUFFIX)}
    for name, content in forms.items():
        if name.rpartition("/")[2] == key + SUFFIX:
            return content
    return next((c for c in forms.values() if jsonio.loads(c).get("id") == key), None)
