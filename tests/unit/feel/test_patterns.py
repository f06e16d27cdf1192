"""XPath's regular expressions on RE2."""

from __future__ import annotations

from typing import Any

import pytest
from support.feel import value


def _matches(text: str, pattern: str, flags: str = "") -> Any:
    return value("matches(t, p, f)", t=text, p=pattern, f=flags)


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("สารบรรณ", r"^\p{IsThai}+$", "", True),
        ("สารบรรณ1", r"^\p{IsThai}+$", "", False),
        ("๑๒๓", r"^\d+$", "", True),
        ("a\rb", "a.b", "", False),
        ("a\nb", "a.b", "s", True),
        ("X", "[A-Z-[OI]]", "", True),
        ("O", "[A-Z-[OI]]", "", False),
        ("o", "[A-Z-[OI]]", "i", False),
        ("b", "[^a-c-[x]]", "", False),
        ("d", "[^a-c-[x]]", "", True),
        ("x", "[^a-c-[x]]", "", False),
        ("q", "[^Q]", "i", False),
        ("-", r"[\w-]", "", True),
        ("a b", "a [ ] b", "x", True),
        ("a.b", "a.b", "q", True),
        ("axb", "a.b", "q", False),
        ("a\nb", "^b$", "m", True),
        ("a\nb", "^b$", "", False),
        ("_x1", r"^\i\c*$", "", True),
    ],
)
def test_match(text: str, pattern: str, flags: str, expected: bool) -> None:
    assert _matches(text, pattern, flags) is expected


@pytest.mark.parametrize(
    "pattern",
    ["[", "a)", "(", r"\1", r"(a)\1", r"\b", "(?i)a", "(?P<n>a)", r"[a\0]", "[b-a]", "[a-c-[a-c]]",
     r"\p{IsKlingon}", r"\p{L", r"\p", "\\", "[a[b]]", r"[\d-[1]]", "a{3,1}", "*"],
)  # fmt: skip
def test_what_is_no_pattern_here_is_null(pattern: str) -> None:
    assert _matches("a", pattern) is None


@pytest.mark.parametrize(
    ("text", "pattern", "new", "expected"),
    [
        ("2026-01-31", r"(\d+)-(\d+)-(\d+)", "$3/$2/$1", "31/01/2026"),
        ("abc", "b", "[$0]", "a[b]c"),
        ("abc", "(b)", "$12", "ab2c"),
        ("abc", "(b)|(x)", "$2", "ac"),
        ("abc", "b", r"\$\\", r"a$\c"),
        ("abc", "b", "$", None),
        ("abc", "b", "\\n", None),
        ("abc", "x*", "-", None),
        ("ก ข", " ", "", "กข"),
    ],
)
def test_replace(text: str, pattern: str, new: str, expected: str | None) -> None:
    assert value("replace(t, p, n)", t=text, p=pattern, n=new) == expected


def test_split() -> None:
    assert value(r'split("a;b;;", ";")') == ["a", "b", "", ""]
    assert value('split("abc", "")') is None
