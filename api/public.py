"""What anybody may ask about a signed letter by its code: rationed, and never its content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.bootstrap import System
from api.comparing import Likeness, likeness
from api.trust import revocation_lists
from api.verifying import judged
from engine.db import reading
from engine.errors import NotFound
from office.accounts.commands import AdmitVerification
from office.accounts.sign_in import NOBODY
from office.documents.queries import PublicLetter, by_code
from office.documents.trust import trusted
from office.files import storage
from signing.verify import Verdict, verify_kept


@dataclass(frozen=True, slots=True)
class Verified:
    """A letter and the verdict on its file as it is kept."""

    letter: PublicLetter
    verdict: Verdict

    @property
    def stands(self) -> bool:
        """Good, and nobody has taken it back."""
        return self.verdict.good and self.letter.revoked_at is None


def look_up(system: System, typed: str, ip: str, now: datetime) -> Verified:
    """TooMany before anything is looked for; NotFound alike for whatever code is none."""
    system.bus.execute(AdmitVerification(ip), NOBODY)
    desk = system.services.extra["desk"]
    with reading(system.engine) as db:
        letter = by_code(db, typed)
        trust = trusted(db, letter.agency_id, desk.trust) if letter else ()
    if letter is None:
        raise NotFound(
            "Expected the code of a signed letter, but there is none with this code. Compare it"
            " with the paper."
        )
    pdf = storage.read(system.storage, letter.agency_id, letter.sha256)
    lists = revocation_lists(system.settings, now)
    return Verified(letter, verify_kept(pdf, trust, now, lists=lists))


def compare(system: System, found: Verified, pdf: bytes, now: datetime, most: int) -> Likeness:
    """What a file of at most `most` bytes is to the letter; TooMany as of `verifying.judged`."""
    letter = found.letter
    desk = system.services.extra["desk"]
    with reading(system.engine) as db:
        trust = trusted(db, letter.agency_id, desk.trust)
    verdict, leads = judged(system, pdf, trust, now, most)
    kept = storage.read(system.storage, letter.agency_id, letter.sha256)
    return likeness((kept, found.verdict), (pdf, verdict), leads, letter.code)
