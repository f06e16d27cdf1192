"""A hundred pages can be drafted; five hundred are refused, and the refusal says where and why."""

from __future__ import annotations

import pytest
from support.samples import sample

from engine.errors import Invalid
from office.documents.reading import PARAGRAPHS, read_content
from signing.render import render

FULL = sample("S01")["paragraphs"][:2]


def words(paragraphs: list[str]) -> dict:
    decided = ("id", "number", "number_arabic", "date", "date_iso", "preparers", "verification")
    return {k: v for k, v in sample("S01", paragraphs=paragraphs).items() if k not in decided}


def test_a_hundred_full_pages_are_read() -> None:
    read = read_content(words(FULL * 500)).content
    assert render({**sample("S01"), **read}, draft=True).pages >= 100


@pytest.mark.parametrize("paragraphs", [FULL * 2_500, ["๑. สั้น"] * (PARAGRAPHS + 1), FULL * 900])
def test_what_is_longer_is_refused(paragraphs: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read_content(words(paragraphs))
    assert [(e.path, e.code) for e in refused.value.errors] == [("paragraphs", "document_too_long")]
