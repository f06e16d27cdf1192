"""What a guess costs who has stolen the database: the rest of the tests do not pay it."""

from __future__ import annotations

import argon2
import pytest
from argon2 import Type
from support import pki

from office.accounts import settings
from office.accounts.settings import AccountSettings
from signing import envelope, keys


def test_a_password_is_hashed_at_owasps_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PasswordHasher", argon2.PasswordHasher)
    hashed = AccountSettings(secret=b"x").hasher.hash("somebody's words")
    asked = argon2.extract_parameters(hashed)
    assert (asked.type, asked.memory_cost, asked.time_cost) == (Type.ID, 19_456, 2)
    assert settings.argon2id().hash("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_pin_is_four_passes_of_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "WORK", envelope.WORK)
    monkeypatch.setattr(keys, "COST", envelope.COST)
    kept = pki.authority().enrol("ใครสักคน", pki.PIN, pki.AT).encrypted
    changed = pki.official().with_new_pin(pki.PIN, "135791").encrypted
    for sealed in (kept, changed):
        algorithm = envelope._Envelope.load(sealed)["algorithm"]["parameters"]["derivation"]
        asked = algorithm["parameters"]
        found = [asked[name].native for name in ("cost", "block", "parallel")]
        assert found == [2**14, 8, 4]
