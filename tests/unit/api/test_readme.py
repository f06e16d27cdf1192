"""The README's table of settings says what the code says."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from api.settings import Settings

README = Path(__file__).parents[3] / "README.md"


def _documented() -> dict[str, str]:
    """Each attribute of Settings with the comment above it."""
    found, words = {}, []
    for line in map(str.strip, inspect.getsource(Settings).splitlines()):
        if line.startswith("#:"):
            words.append(line[2:].strip())
        elif name := re.match(r"(\w+): \w+( = .*)?$", line):
            found[name[1].upper()], words = " ".join(words), []
    return found


def test_every_setting_stands_in_the_readme_as_in_the_code() -> None:
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| .*? \| (.*) \|$", README.read_text("utf-8"), re.M)
    assert dict(rows) == _documented()
    assert all(dict(rows).values())
