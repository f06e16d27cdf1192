"""What /readyz asks of a whole product beside its database."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from api import bootstrap
from api.settings import Settings
from office.files.storage import FolderStorage

Usage = namedtuple("Usage", "total used free")


def test_a_disk_without_room_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, redis_url="redis://127.0.0.1:1/0").resolved()
    files = bootstrap._checks(settings, FolderStorage(tmp_path))["storage"]
    files()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 99, bootstrap.LEAST_ROOM - 1))
    with pytest.raises(OSError, match="Expected room"):
        files()
