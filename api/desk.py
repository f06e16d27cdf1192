"""The desk that documents work at: storage, numbers, paper, time stamps, trust, second factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from api import trust
from api.remote_signing import ConnectedServices
from api.settings import MEGABYTE, BadSettings, Settings
from api.shipped import forms
from engine.actor import Actor
from engine.bus import Bus
from engine.errors import Rejected, TooMany
from office.accounts import passkeys
from office.accounts.factors import check_totp
from office.correspondence.journal import FileJournal
from office.correspondence.numbers import Registry
from office.documents.codes import with_address
from office.documents.enclosing import MOST
from office.documents.ports import Desk
from office.documents.printing import pages_in, print_pdf
from office.files.storage import FolderStorage, Storage
from signing.fonts import Typeface
from signing.render import Rendered, Window


@dataclass(frozen=True, slots=True)
class SetPapers:
    """`signing.render` in the installation's typeface (loaded on first use: it takes a second)."""

    settings: Settings
    storage: Storage

    def render(self, agency_id: UUID, document: Mapping[str, Any], *, draft: bool = False) -> bytes:
        printed = with_address(document, self.settings.public_url)
        face = self.typeface()
        most = self.settings.most_enclosed
        return print_pdf(
            self.storage, agency_id, printed, typeface=face, draft=draft, most_enclosed=most
        )

    def pages_in(self, agency_id: UUID, document: Mapping[str, Any], window: Window) -> Rendered:
        printed = with_address(document, self.settings.public_url)
        return pages_in(self.storage, agency_id, printed, self.typeface(), window)

    def typeface(self) -> Typeface:
        return trust.typeface(self.settings)


@dataclass(frozen=True, slots=True)
class StoredFactors:
    """Second factors as accounts keep them; `bus` is asked for late, for the desk comes first."""

    bus: Callable[[], Bus]

    def check_totp(self, actor: Actor, code: str, said: Mapping[str, Any]) -> bool:
        """Whether the code counts; it is used up. TooMany goes to the caller, as at sign-in."""
        return _counts(lambda: check_totp(self.bus(), actor, code, "", said))

    def check_passkey(self, actor: Actor, answer: str, bound: str, said: Mapping[str, Any]) -> bool:
        """Likewise of a passkey's answer."""
        bus = self.bus()
        return _counts(lambda: passkeys.check(bus, actor, passkeys.SIGN, answer, "", bound, said))


def _counts(check: Callable[[], object]) -> bool:
    try:
        check()
    except TooMany:
        raise
    except Rejected:
        return False
    return True


def make_storage(settings: Settings) -> Storage:
    """Where files are kept: a folder (`file:///…`)."""
    address = urlsplit(settings.storage_url)
    if address.scheme != "file" or address.netloc:
        raise BadSettings(
            "Expected SARABAN_STORAGE_URL to begin with file:///,"
            f" but it begins with {address.scheme}://{address.netloc}."
        )
    return FolderStorage(Path(unquote(address.path)))


def make_desk(settings: Settings, storage: Storage, bus: Callable[[], Bus]) -> Desk:
    if not 0 <= settings.most_enclosed <= MOST:
        raise BadSettings(
            f"Expected SARABAN_ENCLOSED_MB from 0 to {MOST // MEGABYTE}, but it is"
            f" {settings.enclosed_mb}: a signed letter must be small enough to be uploaded again."
        )
    return Desk(
        storage=storage,
        numbers=Registry(FileJournal(settings.journal)),
        papers=SetPapers(settings, storage),
        timestamps=trust.timestamps(settings),
        statuses=trust.statuses(settings),
        issuer=trust.issuer(settings),
        trust=trust.anchors(settings),
        factors=StoredFactors(bus),
        tokens=trust.tokens(settings),
        remote=ConnectedServices(bus),
        secret=settings.installation_secret,
        withdrawal_forms=forms("withdrawal"),
    )
