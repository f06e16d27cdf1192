"""For which site passkeys are."""

from __future__ import annotations

import pytest

from office.accounts.party import Party, party_of


@pytest.mark.parametrize(
    ("public", "asked", "party"),
    [
        ("https://e.go.th", "https://e.go.th", Party("e.go.th", "https://e.go.th")),
        ("https://e.go.th:8443", "https://x", Party("e.go.th", "https://e.go.th:8443")),
        ("https://e.go.th/saraban", "http://localhost:1", Party("e.go.th", "https://e.go.th")),
        ("http://e.go.th", "http://e.go.th", None),
        ("https://10.0.0.7", "https://10.0.0.7", None),
        ("", "http://localhost:8000", None),
        (
            "http://127.0.0.1:8000",
            "http://localhost:8000",
            Party("localhost", "http://localhost:8000"),
        ),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", None),
        ("http://127.0.0.1:8000", "http://evil.example", None),
        (
            "http://localhost:8000",
            "http://localhost:9000",
            Party("localhost", "http://localhost:9000"),
        ),
    ],
)
def test_the_site_is_the_public_address_or_localhost(
    public: str, asked: str, party: Party | None
) -> None:
    assert party_of(public, asked) == party
