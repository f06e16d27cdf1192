"""Good passwords pass, guessable ones do not; locks grow; codes count around now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.accounts import rules, secrets

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "แมวน้อยกินปลาทูทอด",
        "x9!Lm#27$vQz",
        "thotsop-demo-2569",
        "ครกหินสามใบกับมะนาว",
    ],
)
def test_good_passwords(password: str) -> None:
    assert rules.password_problems(password, ("somchai",)) == []


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("สั้นไป", "too_short"),
        ("x" * 300, "too_long"),
        ("Password1234", "too_common"),
        ("saraban-2026", "too_common"),
        ("123456789012", "too_common"),
        ("qwertyuiop12", "too_common"),
        ("abcabcabcabc", "too_common"),
        ("aaaaaaaaaaaa", "too_common"),
        ("somchai123456", "too_common"),
        ("P@ssw0rdP@ssw0rd", "too_common"),
        ("รหัสผ่านรหัสผ่าน1", "too_common"),
    ],
)
def test_bad_passwords_name_the_field_and_the_reason(password: str, code: str) -> None:
    (problem,) = rules.password_problems(password, ("somchai",), "new")
    assert (problem.path, problem.code) == ("new", code)


def test_the_same_characters_from_another_keyboard_are_the_same_password() -> None:
    assert rules.normal("Ｐａｓｓ ｗｏｒｄ") == rules.normal("Pass word")


@pytest.mark.parametrize(
    ("failed", "pause"),
    [
        (0, None),
        (9, None),
        (10, timedelta(minutes=15)),
        (19, timedelta(minutes=15)),
        (20, timedelta(hours=24)),
        (500, timedelta(hours=24)),
    ],
)
def test_locks_grow_with_wrong_guesses(failed: int, pause: timedelta | None) -> None:
    assert rules.lock_for(failed) == pause


def test_a_code_counts_one_step_early_and_late() -> None:
    secret = pyotp.random_base32()
    step = int(NOW.timestamp()) // rules.TOTP_STEP
    totp = pyotp.TOTP(secret)
    for offset, expected in ((-2, None), (-1, step - 1), (0, step), (1, step + 1), (2, None)):
        assert rules.matching_step(secret, totp.generate_otp(step + offset), NOW) == expected


def test_a_code_may_be_typed_with_a_space() -> None:
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(NOW)
    assert rules.matching_step(secret, f"{code[:3]} {code[3:]}", NOW) is not None


def test_a_sealed_secret_opens_only_for_its_owner_and_purpose() -> None:
    from uuid import uuid4

    from cryptography.exceptions import InvalidTag

    owner, key = uuid4(), b"k" * 32
    sealed = secrets.seal(key, "totp", b"plain", owner)
    assert secrets.unseal(key, "totp", sealed, owner) == b"plain"
    for wrong in ((b"z" * 32, "totp", owner), (key, "other", owner), (key, "totp", uuid4())):
        with pytest.raises(InvalidTag):
            secrets.unseal(wrong[0], wrong[1], sealed, wrong[2])


@given(st.text(max_size=80))
def test_any_text_may_be_presented_as_a_token(text: str) -> None:
    secrets.read_api_token(text)


def test_a_token_reads_back_to_its_id_and_hash() -> None:
    from engine.ids import new_id

    token_id = new_id()
    text, hashed = secrets.new_api_token(token_id)
    assert secrets.read_api_token(text) == (token_id, hashed)
    assert text.startswith("srb_")
    assert secrets.read_api_token(text.replace("srb_", "xyz_")) is None


def test_recovery_codes_are_distinct() -> None:
    codes = secrets.new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(code) == 11 and code[5] == "-" for code in codes)
