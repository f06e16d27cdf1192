"""api.downloads: a Thai name survives as a header that a real server may send."""

from __future__ import annotations

import pytest
from flask import Response

from api.downloads import name_download


@pytest.mark.parametrize("name", ["ตย ๐๒๐๑-๑.pdf", "กำหนดการ.pdf", 'a"b.pdf', "plain.pdf"])
def test_the_header_is_latin_1_and_names_the_file(name: str) -> None:
    response = Response(b"")
    name_download(response, name)
    value = response.headers["Content-Disposition"]
    value.encode("latin-1")
    assert value.startswith("attachment; filename=")
    assert "filename*=UTF-8''" in value
    assert "\n" not in value
