"""What the command line asks of this room: a file rendered, a file verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from signing.fonts import Typeface
from signing.render import Rendered
from signing.verify import Verdict

#: The columns of `verify_file`'s rows.
COLUMNS = ("field", "signer", "intact", "valid", "trusted", "modified", "time", "level")


def render_file(
    document: Mapping[str, Any], out: Path, *, typeface: Typeface | None = None
) -> Rendered:
    """Render `document` as given and write it to `out`, whole or not at all."""
    raise NotImplementedError


def verify_file(
    path: Path, trust: Sequence[bytes], at: datetime
) -> tuple[list[tuple[str, ...]], Verdict]:
    """The rows of the table (see COLUMNS) and the verdict; exit 0 only if `verdict.good`."""
    raise NotImplementedError
