"""What a connector may be, and what values can do to a call."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from office.connectors import rules
from office.connectors.rules import Unfit


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.example.go.th/", "https://api.example.go.th"),
        ("https://API.example.go.th:8443/v1/", "https://api.example.go.th:8443/v1"),
    ],
)
def test_an_address(given: str, kept: str) -> None:
    assert rules.check_base(given, plain=False) == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.go.th", "ftp://x.go.th", "https://user:pw@x.go.th", "https://",
        "https://x.go.th?a=1", "https://x.go.th#a", "https://x.go.th/../a", "https://x.go.th:99999",
        "https://x.go.th/a b", "https://x.go.th\r\nHost: evil", "//x.go.th", "", "https://x.go.th/%2e",
        "http://127.0.0.1", "https://x.go.th/a//b", "https://ก.go.th",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Unfit):
        rules.check_base(url, plain=False)


def test_this_machine_without_tls_only_where_the_installation_lets_it() -> None:
    assert rules.check_base("http://127.0.0.1:8080", plain=True) == "http://127.0.0.1:8080"
    with pytest.raises(Unfit):
        rules.check_base("http://api.example.go.th", plain=True)


@pytest.mark.parametrize(
    "path",
    [
        "rates",
        "/a/../b",
        "/a?x=1",
        "/{a}/{a}",
        "/{}",
        "/a b",
        "/a\r\nb",
        "/%2e%2e",
        "/a//b",
        "/./a",
    ],
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(Unfit):
        rules.check_paths([path])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Host", "x"), ("authorization", "x"), ("Transfer-Encoding", "chunked"), ("X-A", "a\r\nb"),
        ("X A", "a"), ("X-A", ""), ("X-A", "ก"), ("Idempotency-Key", "1"), ("X-A\r\nB", "a"),
    ],
)  # fmt: skip
def test_what_is_no_header_is_refused(name: str, value: str) -> None:
    with pytest.raises(Unfit):
        rules.check_headers({name: value})


def test_a_value_that_does_not_fit_is_not_told() -> None:
    """It may be hidden from whoever reads the incident."""
    with pytest.raises(Unfit) as refused:
        rules.target("/people/{id}", {"id": "1-2345/67890"}, {})
    assert "2345" not in str(refused.value)
    assert "id" in str(refused.value)


@pytest.mark.parametrize("secret", ["a\r\nX: y", "", "ก", "a\x00", " a"])
def test_a_secret_is_one_line(secret: str) -> None:
    with pytest.raises(Unfit):
        rules.check_auth("bearer", "", secret)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a-1", "a-1"), ("สวัสดี", "%E0%B8%AA%E0%B8%A7%E0%B8%B1%E0%B8%AA%E0%B8%94%E0%B8%B5"),
        ("a?b=c#d", "a%3Fb%3Dc%23d"), ("%2e%2e", "%252e%252e"), (7, "7"), (Decimal("1.50"), "1.50"),
        ("a b&c", "a%20b%26c"), (True, "true"),
    ],
)  # fmt: skip
def test_a_value_is_one_segment(value: Any, sent: str) -> None:
    assert rules.target("/r/{code}", {"code": value}, {}) == f"/r/{sent}"


@pytest.mark.parametrize(
    "value",
    [
        "..",
        ".",
        "",
        "a/b",
        "..\\x",
        "../admin",
        "a\r\nX-Evil: 1",
        "a\x00",
        None,
        [1],
        {"a": 1},
        "x" * 501,
    ],
)
def test_a_value_cannot_climb_or_end_the_line(value: Any) -> None:
    with pytest.raises(Unfit):
        rules.target("/r/{code}", {"code": value}, {})


@pytest.mark.parametrize("parameters", [{}, {"code": "a", "more": "b"}, {"other": "a"}])
def test_every_name_has_its_value_and_no_other(parameters: dict[str, Any]) -> None:
    with pytest.raises(Unfit):
        rules.target("/r/{code}", parameters, {})


def test_a_query_is_encoded() -> None:
    query = {"q": "ก&x=1\r\nHost: evil", "n": [1, 2], "none": None, "yes": True}
    line = rules.target("/r", {}, query)
    assert line == "/r?q=%E0%B8%81%26x%3D1%0D%0AHost%3A+evil&n=1&n=2&yes=true"
