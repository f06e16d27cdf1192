"""TH Sarabun as agencies bring it: files that `make test` puts beside the virtual environment."""

from __future__ import annotations

import sys
from pathlib import Path

from support import needs

NEW = "THSarabunNew.ttf"
PSK = "THSarabun.ttf"
_FOLDER = Path(sys.prefix) / "typefaces" / "odoo/addons/l10n_th_fonts/static/fonts"


def file(name: str) -> Path:
    """One of the two above; only there do its tests go on."""
    path = _FOLDER / name
    if not path.is_file():
        needs.lacking(f"Expected {name} in .venv/typefaces (`make test` brings it), but it is not.")
    return path
