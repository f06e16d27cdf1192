"""The agency's seal with a remote service: tried before it is taken, and never until it locks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from support.csc_service import Credential, Service, certificates_of, csc_service
from support.ministry import Letter, Ministry
from support.reached import Reached
from support.samples import sample

from api.seal_keys import SealKeys
from engine.models.job import job
from engine.ports import JobFailed, JobInput
from office.accounts.sign_in import Origin
from office.documents.affixing import Seal
from office.documents.commands import GrantSeal
from office.documents.commands.seals import SEAL, MarkSealFaulty
from office.documents.models import seal_key
from signing import certificates
from signing.errors import RemoteRefused, WrongPin

PIN = "1357911"


@pytest.fixture
def service(ministry: Ministry) -> Iterator[Service]:
    authority = ministry.desk.issuer.authority  # type: ignore[union-attr, attr-defined] # a test's
    name = certificates.organisation_name("กระทรวงตัวอย่าง", "GO:TH-mol")
    pair = certificates.organisational(name, authority.issuing, ministry.now, 100)
    above = (pair.certificate, authority.issuing.certificate)
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in above)
    with csc_service("bearer") as made:
        made.credentials["cred-1"] = Credential("house", pair.key, certificates_of(chain), pin=PIN)
        services = ministry.bus.services
        ministry.desk = replace(ministry.desk, remote=Reached(made))
        extra = {**services.extra, "desk": ministry.desk}
        ministry.bus.services = replace(services, extra=extra)
        yield made


def enrol(ministry: Ministry, pin: str = PIN) -> None:
    system: Any = SimpleNamespace(
        engine=ministry.bus.engine, services=ministry.bus.services, bus=ministry.bus
    )
    keys = SealKeys(system, ministry.actor("admin"), Origin("127.0.0.1", "a test"))
    ministry.do(keys.at_service("csc", "house", pin))


def test_a_pin_that_does_not_open_it_is_refused_at_once(
    ministry: Ministry, service: Service
) -> None:
    with pytest.raises(WrongPin):
        enrol(ministry, "000000")
    service.misbehaves = "wrong_signature"
    with pytest.raises(RemoteRefused):
        enrol(ministry)
    assert ministry.rows(seal_key) == []


def letter_to_seal(ministry: Ministry) -> Letter:
    plain = {"secrecy": "ปกติ", "secrecy_code": "001", "owner_unit": None}
    lines = {"position_lines": ["ปลัดกระทรวงตัวอย่าง"]}
    words = {**dict.fromkeys(sample("S01")), **sample("S05"), **plain, **lines}
    letter = ministry.letter("S01", **words).on_the_signers_desk()
    letter.at("sign").by("somying").sign()
    return letter


def tried(ministry: Ministry, letter: Letter) -> JobFailed:
    (wanted,) = ministry.rows(job, job.c.action == SEAL)
    step = Seal(ministry.bus.engine, ministry.desk, ministry.clock)
    asked = JobInput(
        wanted.id, ministry.agency_id, letter.instance_id, None, SEAL, wanted.payload, 1
    )
    with pytest.raises(JobFailed) as failed:
        step(asked)
    return failed.value


def test_what_its_service_refuses_is_not_asked_again(ministry: Ministry, service: Service) -> None:
    enrol(ministry)
    ministry.do(GrantSeal(["official-letter"]))
    letter = letter_to_seal(ministry)
    service.misbehaves = "down"
    assert tried(ministry, letter).retry
    service.misbehaves = "wrong_signature"
    refused = tried(ministry, letter)
    assert (refused.code, refused.retry) == ("remote_refused", False)
    service.misbehaves, service.credentials["cred-1"].pin = "", "2468024"
    wrong = tried(ministry, letter)
    assert (wrong.code, wrong.effect is not None) == ("wrong_pin", True)
    (key,) = ministry.rows(seal_key)
    ministry.do(MarkSealFaulty(key.id), by="system")
    service.asked.clear()
    assert tried(ministry, letter).code == "seal_place_empty"
    assert service.asked == []
