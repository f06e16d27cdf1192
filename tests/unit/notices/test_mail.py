"""Mail that leaves: in the reader's language, one recipient, nothing smuggled into a header."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from office.notices import words
from office.notices.postbox import (
    FolderPostbox,
    Letter,
    MailRefused,
    Postbox,
    RecordingPostbox,
    SmtpPostbox,
    compose,
)

BANGKOK = ZoneInfo("Asia/Bangkok")
LETTER = Letter("notice-1", "noi@example.go.th", "งานใหม่: ตรวจ", "เนื้อความ\n")


class Inbox:
    """An SMTP server's handler that keeps what it gets, or refuses."""

    def __init__(self) -> None:
        self.got: list[Envelope] = []
        self.answer = "250 kept"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.got.append(envelope)
        return self.answer


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[str]:
    with socket.socket() as probe:  # aiosmtpd does not tell which port it was given
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


def _read(raw: bytes) -> Any:
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_smtp_delivers_thai_text_under_a_stable_id(server: str, inbox: Inbox) -> None:
    postbox = SmtpPostbox(server, "saraban@example.go.th")
    postbox.send(LETTER)
    postbox.send(LETTER)
    one, two = (_read(envelope.content) for envelope in inbox.got)
    assert one["Subject"] == "งานใหม่: ตรวจ"
    assert one.get_content().split() == ["เนื้อความ"]
    assert one["Message-ID"] == two["Message-ID"] == "<notice-1@example.go.th>"
    assert inbox.got[0].rcpt_tos == ["noi@example.go.th"]


@pytest.mark.parametrize(("answer", "lasting"), [("550 no", True), ("451 later", False)])
def test_a_refusal_says_whether_it_lasts(
    server: str, inbox: Inbox, answer: str, lasting: bool
) -> None:
    inbox.answer = answer
    with pytest.raises(MailRefused) as refused:
        SmtpPostbox(server, "saraban@example.go.th").send(LETTER)
    assert refused.value.lasting is lasting


def test_without_a_server_mail_waits() -> None:
    with pytest.raises(MailRefused) as refused:
        SmtpPostbox("smtp://127.0.0.1:9", "saraban@example.go.th").send(LETTER)
    assert not refused.value.lasting


@pytest.mark.parametrize("kind", ["smtp", "folder", "memory"])
def test_every_postbox_takes_the_same_letters(
    kind: str, server: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    boxes: dict[str, Postbox] = {
        "smtp": SmtpPostbox(server, "s@example.go.th"),
        "folder": FolderPostbox(tmp_path, "s@example.go.th"),
        "memory": RecordingPostbox(),
    }
    boxes[kind].send(LETTER)
    boxes[kind].send(Letter("notice-2", "noi@example.go.th", "x", "y"))


def test_the_folder_keeps_letters_as_files(tmp_path: Path) -> None:
    FolderPostbox(tmp_path / "outbox", "s@example.go.th").send(LETTER)
    kept = _read((tmp_path / "outbox" / "notice-1.eml").read_bytes())
    assert kept["To"] == "noi@example.go.th"


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85", "\x0b"])
def test_a_line_end_in_a_subject_starts_no_header(break_: str) -> None:
    letter = Letter("k", "noi@example.go.th", f"เรื่อง{break_}Bcc: evil@example.com", "x")
    message = _read(compose(letter, "s@example.go.th").as_bytes())
    assert message["Bcc"] is None
    assert "Bcc: evil@example.com" in message["Subject"]


def test_an_address_is_one_address() -> None:
    letter = Letter("k", "noi@example.go.th, evil@example.com", "x", "y")
    with pytest.raises(MailRefused) as refused:
        compose(letter, "s@example.go.th")
    assert refused.value.lasting


TOLD = words.Told(
    kind="returned",
    task_name="ร่าง",
    title="ขอเชิญเป็นวิทยากร",
    reason="แก้วันที่",
    actor_name="นางตัวอย่าง ตรวจครบ",
    priority=3,
    due_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    url="http://127.0.0.1/tasks/1",
    settings_url="http://127.0.0.1/settings",
)


def test_words_in_thai_and_english() -> None:
    assert words.subject(TOLD, "th") == "[ด่วนมาก] ส่งคืนแก้ไข: ร่าง – ขอเชิญเป็นวิทยากร"
    assert words.subject(TOLD, "en").startswith("[Very urgent] Returned for changes: ")
    thai, english = words.body(TOLD, "th", BANGKOK), words.body(TOLD, "en", BANGKOK)
    assert "ครบกำหนด: 23 พ.ย. 2569 16:30 น." in thai
    assert "Due: 23 Nov 2026 16:30" in english
    assert "เหตุผล: แก้วันที่" in thai
    assert TOLD.url in english


def test_what_is_empty_is_left_out() -> None:
    plain = words.Told("task", "ตรวจ", "", "", "", 1, None, "u", "s")
    assert words.subject(plain, "th") == "งานใหม่: ตรวจ"
    assert "เหตุผล" not in words.body(plain, "th", BANGKOK)
