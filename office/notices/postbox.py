"""Sending mail: the port, the SMTP way, and twins that keep letters in a folder or in memory."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. `key` is stable: the same letter sent twice has one Message-ID."""

    key: str
    to: str
    subject: str
    text: str


class MailRefused(Exception):
    """Expected the mail server to take the letter, but it did not. `lasting`: it never will."""

    def __init__(self, message: str, *, lasting: bool) -> None:
        super().__init__(message)
        self.lasting = lasting


class Postbox(Protocol):
    def send(self, letter: Letter) -> None:
        """Hand the letter over, or raise MailRefused."""
        ...


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The message as it goes out. Line ends in a header would start another: they become spaces."""
    host = sender.rpartition("@")[2]
    message = EmailMessage()
    message["From"] = Address(addr_spec=_one_line(sender), display_name="Saraban")
    message["To"] = _address(letter.to)
    message["Subject"] = _one_line(letter.subject)
    message["Message-ID"] = f"<{letter.key}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=_one_line(text))
    except (ValueError, MessageError):
        raise MailRefused("This is not one mail address.", lasting=True) from None


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@dataclass(frozen=True, slots=True)
class SmtpPostbox:
    """`url`: smtp://[user:password@]host:port (STARTTLS where offered) or smtps://… ."""

    url: str
    sender: str

    def send(self, letter: Letter) -> None:
        message = compose(letter, self.sender)
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            raise MailRefused(f"The server refuses {letter.to}.", lasting=True) from refused
        except smtplib.SMTPResponseException as refused:
            lasting = refused.smtp_code >= 500
            raise MailRefused(f"The server answers {refused.smtp_code}.", lasting=lasting) from None
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefused(f"No mail server: {type(error).__name__}.", lasting=False) from error

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "localhost", parts.port or 25
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


@dataclass(frozen=True, slots=True)
class FolderPostbox:
    """Keeps each letter as a file: for machines without a mail server, and to look at."""

    folder: Path
    sender: str

    def send(self, letter: Letter) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = compose(letter, self.sender).as_bytes()
        (self.folder / f"{letter.key}.eml").write_bytes(text)


@dataclass(slots=True)
class RecordingPostbox:
    """Keeps letters in memory, in order."""

    sender: str = "saraban@localhost"
    sent: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        compose(letter, self.sender)
        self.sent.append(letter)
