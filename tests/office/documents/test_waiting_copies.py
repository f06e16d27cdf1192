"""A copy whose certifier's key lies elsewhere, or whose timestamp is not to be had, waits: nothing
counts before all of it is there, and a restart between loses nothing.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from support.csc_service import Credential, Service, certificates_of, csc_service
from support.device import Card, card
from support.faulty_tsa import AWAY, WRONG, faulty
from support.ministry import Letter, Ministry, furnish
from support.reached import Reached
from support.softhsm import MODULE, SoftHsm

from engine.errors import Conflict, Invalid, NotFound, Rejected, TooMany
from engine.ids import new_id
from engine.models.history import history_event
from engine.models.job import job
from office.documents import certifying_held, queries
from office.documents.certifying_act import Wish, certify
from office.documents.commands import EnrolOwnKey, KeepRendition, RevokeDocument
from office.documents.commands.certifying import STAMP_COPY
from office.documents.models import certification
from office.documents.proving import Authorization
from office.files.storage import read
from office.files.uploads import keep
from signing import certificates
from signing.authority import Authority
from signing.device import registered
from signing.hardware.taking import taken as taken_from_token
from signing.hardware.tokens import Tokens
from signing.remote import taken as taken_from_service
from signing.verify import verify

NAME = "นางตัวอย่าง ตรวจครบ"


@pytest.fixture
def letter(ministry: Ministry, authority: Authority) -> Letter:
    """Signed; tuayang, who checked it, certifies copies and has a key."""
    furnish(ministry, authority, "tuayang")
    return ministry.letter("S01").on_the_signers_desk().signed()


def certified(letter: Letter, proof: Authorization | None = None, **wish: Any) -> dict[str, Any]:
    ministry = letter.ministry
    proof = proof or Authorization("pin", ministry.pins["tuayang"])
    desk = ministry.bus.services.extra["desk"]
    who = ministry.actor("tuayang")
    return dict(certify(ministry.bus, who, desk, Wish(letter.id, proof, **wish), new_id()))


def copies(letter: Letter) -> list[queries.CopyRow]:
    return list(letter.ministry.query(queries.copies, letter.id))


def waiting(letter: Letter) -> list[queries.WaitingCopy]:
    return list(letter.ministry.query(queries.waiting_copies, letter.id))


def verified(letter: Letter, signer: str = NAME) -> None:
    """The one copy that there is holds, signed by whom its certificate names."""
    ministry, (copy,) = letter.ministry, copies(letter)
    pdf = read(ministry.desk.storage, ministry.agency_id, copy.sha256)
    verdict = verify(pdf, ministry.desk.trust, ministry.now)
    assert verdict.good
    (signature,) = verdict.signatures
    assert (signature.signer, signature.modified) == (signer, False)


def nothing_told(letter: Letter) -> bool:
    told = letter.ministry.rows(history_event, history_event.c.type == "document.copied")
    return copies(letter) == [] and not told


# -- a device ----------------------------------------------------------------------------------


@dataclass
class OnItsWay:
    """A copy that waits for the card of tuayang."""

    letter: Letter
    card: Card
    answer: dict[str, Any]

    def bring(self, made: bytes | None = None, by: str = "tuayang") -> dict[str, Any]:
        ministry, asked = self.letter.ministry, self.answer["device"]
        given = made or self.card.sign(b64decode(asked["to_be_signed"]))
        this, who = UUID(asked["certification_id"]), ministry.actor(by)
        return dict(
            certifying_held.answer(ministry.bus, who, self.letter.id, this, given, new_id())
        )

    @property
    def state(self) -> str:
        this = certification.c.id == UUID(self.answer["id"])
        return str(self.letter.ministry.rows(certification, this)[0].state)


def enrol_card(ministry: Ministry) -> Card:
    issuer: Any = ministry.desk.issuer
    made = card(issuer.authority, NAME, ministry.now - timedelta(minutes=1))
    key = registered(made.chain, trust=ministry.desk.trust, at=ministry.now)
    ministry.do(EnrolOwnKey(key), "tuayang")
    return made


def begin(letter: Letter, device: Card | None = None) -> OnItsWay:
    device = device or enrol_card(letter.ministry)
    letter.ministry.codes.good.add("123456")
    answer = certified(letter, Authorization("totp", "123456"))
    assert answer["status"] == "waiting_device"
    return OnItsWay(letter, device, answer)


def test_it_is_certified_by_the_answer_of_the_device(
    either_ministry: Ministry, authority: Authority
) -> None:
    furnish(either_ministry, authority, "tuayang")
    letter = either_ministry.letter("S01").on_the_signers_desk().signed()
    way = begin(letter)
    assert nothing_told(letter)
    (shown,) = waiting(letter)
    assert (shown.status, shown.username) == ("waiting_device", "tuayang")
    # all lies in a row and a file: asked again, the same bytes go out
    who = either_ministry.actor("tuayang")
    pending = certifying_held.pending(either_ministry.bus, who, letter.id)
    assert pending is not None
    assert pending.to_be_signed == b64decode(way.answer["device"]["to_be_signed"])
    assert pending.digest == way.answer["device"]["digest"]
    done = way.bring()
    (copy,) = copies(letter)
    assert (done["id"], done["ordinal"]) == (copy.id, 1)
    assert copy.told["method"] == "totp"
    assert copy.level == "B-T"
    verified(letter)
    assert waiting(letter) == []
    assert way.bring()["id"] == copy.id  # the answer again
    either_ministry.work_off()
    assert copies(letter)[0].level == "B-LTA"


def test_a_wrong_signature_is_refused_and_the_right_one_still_waited_for(letter: Letter) -> None:
    way = begin(letter)
    for made in (b"none", way.card.sign(b"other bytes")):
        with pytest.raises(Invalid) as refused:
            way.bring(made)
        assert refused.value.code == "foreign_signature"
    assert way.state == "waiting_device"
    for _ in range(3):
        with pytest.raises(Invalid):
            way.bring(b"none")
    with pytest.raises(TooMany):
        way.bring()
    letter.ministry.clock.advance(timedelta(minutes=2))
    way.bring()
    verified(letter)


def test_nobody_elses_and_no_other_letters(letter: Letter) -> None:
    way = begin(letter)
    with pytest.raises(NotFound):
        way.bring(by="somying")
    way.letter = replace(letter, id=new_id())
    with pytest.raises(NotFound):
        way.bring()


def test_late_is_too_late(letter: Letter) -> None:
    way = begin(letter)
    letter.ministry.clock.advance(timedelta(minutes=31))
    with pytest.raises(Conflict) as late:
        way.bring()
    assert late.value.code == "device_late"
    assert way.state == "failed"
    again = begin(letter, way.card)
    assert again.answer["ordinal"] == 1


def test_what_no_device_signed_is_settled_by_a_job(letter: Letter) -> None:
    way = begin(letter)
    letter.ministry.clock.advance(timedelta(minutes=31))
    letter.ministry.work_off()
    assert way.state == "failed"
    assert waiting(letter) == []


def test_beginning_again_ends_what_was_begun(letter: Letter) -> None:
    first = begin(letter)
    second = begin(letter, first.card)
    assert [first.state, second.state] == ["failed", "waiting_device"]
    assert second.answer["ordinal"] == 1
    with pytest.raises(Conflict) as settled:
        first.bring()
    assert settled.value.code == "signature_settled"
    second.bring()
    assert len(copies(letter)) == 1


def test_the_number_of_a_copy_that_waits_is_kept_for_it(
    letter: Letter, authority: Authority
) -> None:
    ministry, way = letter.ministry, begin(letter)
    furnish(ministry, authority, "wichan")
    who = replace(ministry.actor("wichan"), rights=frozenset({"certify"}))
    proof = Authorization("pin", ministry.pins["wichan"])
    made = certify(ministry.bus, who, ministry.desk, Wish(letter.id, proof), new_id())
    assert made["ordinal"] == 2
    way.bring()
    assert sorted(one.ordinal for one in copies(letter)) == [1, 2]


def test_the_letter_may_grow_meanwhile(letter: Letter) -> None:
    """An archive timestamp is behind its bytes: what was copied still stands there."""
    way = begin(letter)
    (before,) = {one.of_sha256 for one in letter.ministry.rows(certification)}
    grown = letter.ministry.query(queries.one, letter.id)
    assert grown.signed_sha256 == before
    pdf = read(letter.ministry.desk.storage, letter.ministry.agency_id, before) + b"%more\n"
    file = keep(letter.ministry.desk.storage, letter.ministry.agency_id, pdf, "x.pdf", "x")
    letter.ministry.do(KeepRendition(letter.id, 2, "B-LTA", letter.ministry.now, file), "system")
    way.bring()
    assert copies(letter)[0].of_sha256 == before


MEANWHILE: dict[str, tuple[Callable[[OnItsWay], Any], type[Rejected], str, str]] = {
    "revoked": (
        lambda way: way.letter.ministry.do(RevokeDocument(way.letter.id, "พิมพ์ผิด"), "somying"),
        Conflict, "not_in_force", "failed",
    ),
    "another key": (
        lambda way: enrol_card(way.letter.ministry), Conflict, "no_signing_key", "waiting_device",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MEANWHILE)
def test_what_changed_meanwhile_is_not_certified(letter: Letter, case: str) -> None:
    way = begin(letter)
    change, kind, code, state = MEANWHILE[case]
    change(way)
    with pytest.raises(kind) as refused:
        way.bring()
    assert refused.value.code == code
    assert way.state == state
    assert nothing_told(letter)


# -- no timestamp ------------------------------------------------------------------------------


def test_without_a_timestamp_it_waits_visibly_and_is_finished_later(letter: Letter) -> None:
    ministry = letter.ministry
    ministry.stamps.away = True
    answer = certified(letter)
    assert (answer["status"], answer["ordinal"]) == ("waiting_timestamp", 1)
    assert nothing_told(letter)
    (shown,) = waiting(letter)
    assert (shown.status, shown.told["name"]) == ("waiting_timestamp", NAME)
    ministry.work_off()
    assert nothing_told(letter)
    (job_row,) = ministry.rows(job, job.c.action == STAMP_COPY)
    assert "nobody answers" in job_row.last_error
    ministry.stamps.away = False
    ministry.clock.advance(timedelta(minutes=30))
    ministry.work_off()
    (copy,) = copies(letter)
    assert (copy.ordinal, copy.made_by, copy.level) == (1, "tuayang", "B-LTA")
    assert waiting(letter) == []
    verified(letter, "tuayang")  # as the key is enrolled in the tests


def test_a_device_answers_while_the_authority_is_away(letter: Letter) -> None:
    way = begin(letter)
    letter.ministry.stamps.away = True
    assert way.bring()["status"] == "waiting_timestamp"
    assert way.bring()["status"] == "waiting_timestamp"  # the same again
    assert way.state == "stamping"
    letter.ministry.stamps.away = False
    letter.ministry.work_off()
    assert way.state == "certified"
    verified(letter)


def test_of_a_letter_that_was_revoked_meanwhile_none_is_made_and_it_is_told(letter: Letter) -> None:
    ministry = letter.ministry
    ministry.stamps.away = True
    certified(letter)
    ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), "somying")
    ministry.stamps.away = False
    ministry.work_off()
    assert nothing_told(letter)
    (shown,) = waiting(letter)
    assert shown.status == "failed"
    assert "revoked" in str(shown.cause)


@pytest.mark.parametrize("fault", [*AWAY, *WRONG])
def test_while_no_timestamp_of_ours_comes_it_waits(letter: Letter, fault: str) -> None:
    """Whether nobody answers in time, or what comes is no timestamp of what was asked."""
    stamps: Any = letter.ministry.stamps
    real = stamps.real
    with faulty(real, fault) as stamps.real:
        assert certified(letter)["status"] == "waiting_timestamp"
        letter.ministry.work_off()
    assert nothing_told(letter)
    assert [one.status for one in waiting(letter)] == ["waiting_timestamp"]
    stamps.real = real
    letter.ministry.clock.advance(timedelta(minutes=30))
    letter.ministry.work_off()
    verified(letter, "tuayang")


# -- keys elsewhere ----------------------------------------------------------------------------


@pytest.fixture
def service(letter: Letter) -> Iterator[Service]:
    """A remote signing service that keeps tuayang's key."""
    ministry = letter.ministry
    issuer: Any = ministry.desk.issuer
    own = card(issuer.authority, NAME, ministry.now - timedelta(minutes=1))
    with csc_service("bearer") as made:
        made.credentials["cred-1"] = Credential("tuayang@csc", own.key, certificates_of(own.chain))
        reached = Reached(made)
        _with_desk(ministry, remote=reached)
        call = reached.call(ministry.agency_id, "csc")
        trust, now = ministry.desk.trust, ministry.now
        key = taken_from_service(call, "csc", "tuayang@csc", trust=trust, at=now)
        ministry.do(EnrolOwnKey(key), "tuayang")
        yield made


def _with_desk(ministry: Ministry, **parts: Any) -> None:
    services = ministry.bus.services
    ministry.desk = replace(services.extra["desk"], **parts)
    extra = {**services.extra, "desk": ministry.desk}
    ministry.bus.services = replace(services, extra=extra)


def test_a_remote_service_signs_the_copy(letter: Letter, service: Service) -> None:
    pin = Authorization("pin", service.credentials["cred-1"].pin or "")
    with pytest.raises(Rejected) as wrong:
        certified(letter, Authorization("pin", "000000"))
    assert wrong.value.code == "wrong_pin"
    for misbehaves in ("down", "wrong_signature", "other_hash", "expired_sad"):
        service.misbehaves = misbehaves
        with pytest.raises(Rejected):
            certified(letter, pin)
        assert nothing_told(letter), misbehaves
    service.misbehaves = ""
    assert certified(letter, pin)["ordinal"] == 1
    verified(letter)


def test_a_hardware_token_signs_the_copy(letter: Letter, hsm: SoftHsm) -> None:
    ministry, label = letter.ministry, f"tuayang-{new_id().hex[-12:]}"
    issuer: Any = ministry.desk.issuer
    subject = certificates.name(NAME, "กระทรวงตัวอย่าง")
    pair = certificates.personal(subject, issuer.authority.issuing, ministry.now, 365)
    hsm.token(label, "975310")
    hsm.put(
        label, "975310", "01", pair.key, pair.certificate, [issuer.authority.issuing.certificate]
    )
    tokens = Tokens(MODULE)
    _with_desk(ministry, tokens=tokens)
    key = taken_from_token(tokens, label, "975310", trust=ministry.desk.trust, at=ministry.now)
    ministry.do(EnrolOwnKey(key), "tuayang")
    with pytest.raises(Rejected) as wrong:
        certified(letter, Authorization("pin", "000001"))
    assert wrong.value.code == "wrong_pin"
    assert nothing_told(letter)
    certified(letter, Authorization("pin", "975310"))
    verified(letter)
    hsm.drop(label)
    with pytest.raises(Rejected) as gone:
        certified(letter, Authorization("pin", "975310"))
    assert gone.value.code == "token_unavailable"
    assert len(copies(letter)) == 1
