"""Signing on one's own device: the digest goes out, the signature comes back, and nothing counts
before it does.
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from support.authenticator import Authenticator
from support.device import Card, card, device_of, digest_of
from support.letter_story import at_the_signer, work_off
from support.passkeys import passkey_of
from support.world import World
from werkzeug.serving import make_server

from api import trust
from api.app import create_app
from api.bootstrap import build
from engine.db import reading
from engine.ids import new_id
from office.documents.models import document, signature
from office.files.models import blob
from signing.verify import verify

EXAMPLE = Path(__file__).parents[3] / "examples" / "device_signing" / "sign_letter.py"


@dataclass
class Signer:
    """somying, whose key is on a card, with her passkey."""

    world: World
    device: Card
    passkey: Authenticator

    def begin(self, task: str) -> dict[str, Any]:
        told = self.world.post(f"/tasks/{task}/passkey-challenge", as_="somying").json
        proof = {
            "method": "passkey",
            "credential": json.loads(self.passkey.get(told["options"])),
            "seen": told["seen"],
        }
        answer = self.world.post(f"/tasks/{task}/complete", {"authorization": proof}, as_="somying")
        assert answer.status_code == 202, answer.text
        assert answer.json["status"] == "waiting_device"
        return dict(answer.json)

    def bring(self, task: str, asked: dict[str, Any], made: bytes, **more: Any) -> Any:
        body = {"signature_id": asked["signature_id"], "signature": b64encode(made).decode()}
        return self.world.post(f"/tasks/{task}/device-signature", body, as_="somying", **more)

    def rows(self, task: str) -> list[Any]:
        with reading(self.world.system.engine) as db:
            mine = sa.select(signature).where(sa.cast(signature.c.task_id, sa.Uuid) == _id(task))
            return list(db.execute(mine.order_by(signature.c.id)))


def _id(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


@pytest.fixture
def signer(ministry: World) -> Iterator[Signer]:
    with device_of(ministry, "somying") as device, passkey_of(ministry, "somying") as passkey:
        yield Signer(ministry, device, passkey)


def signed_bytes(asked: dict[str, Any]) -> bytes:
    data = b64decode(asked["to_be_signed"])
    assert digest_of(data) == asked["digest"]
    return data


def test_the_signature_comes_back_to_another_process(signer: Signer) -> None:
    """What waits lies in a row and a file: the one who asked may be gone."""
    world = signer.world
    letter, task = at_the_signer(world)
    begun = signer.begin(task)
    asked = begun["device"]
    assert begun["document"]["number"] is None
    waiting = world.get(f"/documents/{letter['id']}", as_="thotsop").json
    assert (waiting["state"], waiting["number"]) == ("waiting_signature", None)
    again = build(world.system.settings, bell=False, clock=world.clock)
    try:
        client = create_app(again).test_client()
        bearer = {"Authorization": f"Bearer {world.token('somying')}"}
        path = f"/api/v1/tasks/{task}/device-signature"
        found = client.get(path, headers=bearer).json
        assert found is not None
        assert {name: found[name] for name in ("signature_id", "to_be_signed", "digest")} == {
            name: asked[name] for name in ("signature_id", "to_be_signed", "digest")
        }
        made = b64encode(signer.device.sign(signed_bytes(found))).decode()
        body = {"signature_id": found["signature_id"], "signature": made}
        done = client.post(path, json=body, headers=bearer)
        assert done.status_code in {200, 202}, done.text
    finally:
        again.close()
    work_off(world)
    pdf = world.get(f"/documents/{letter['id']}/pdf", as_="thotsop").data
    verdict = verify(pdf, trust.anchors(world.system.settings), world.clock.now())
    assert verdict.good, verdict
    (row,) = signer.rows(task)
    assert (row.state, row.method) == ("signed", "passkey")


def test_what_another_key_or_other_bytes_made_is_refused_and_the_right_one_waited_for(
    signer: Signer,
) -> None:
    letter, task = at_the_signer(signer.world)
    asked = signer.begin(task)["device"]
    data = signed_bytes(asked)
    foreign = card(trust.authority(signer.world.system.settings), "ผู้อื่น", signer.world.clock.now())
    for made in (foreign.sign(data), signer.device.sign(data + b"\0"), b"x" * 3000):
        refused = signer.bring(task, asked, made)
        assert (refused.status_code, refused.json["code"]) == (422, "foreign_signature")
        (row,) = signer.rows(task)
        assert (row.state, row.level) == ("waiting_device", None)
    assert signer.world.get(f"/documents/{letter['id']}", as_="thotsop").json["number"] is None
    stranger = signer.world.post(
        f"/tasks/{task}/device-signature",
        {"signature_id": asked["signature_id"], "signature": "AA=="},
        as_="thotsop",
    )
    assert stranger.status_code == 404
    key = {"Idempotency-Key": new_id().hex}
    done = signer.bring(task, asked, signer.device.sign(data), headers=key)
    assert done.status_code in {200, 202}, done.text
    assert signer.bring(task, asked, signer.device.sign(data), headers=key).json == done.json
    twice = signer.bring(task, asked, signer.device.sign(data))
    assert (twice.status_code, twice.json["reason"]) == (409, "signature_settled")


def test_a_late_signature_signs_nothing(signer: Signer) -> None:
    _letter, task = at_the_signer(signer.world)
    asked = signer.begin(task)["device"]
    signer.world.clock.advance(timedelta(minutes=30))
    late = signer.bring(task, asked, signer.device.sign(signed_bytes(asked)))
    assert (late.status_code, late.json["reason"]) == (409, "device_late")
    (row,) = signer.rows(task)
    assert (row.state, row.blob_id) == ("failed", None)
    anew = signer.begin(task)["device"]
    done = signer.bring(task, anew, signer.device.sign(signed_bytes(anew)))
    assert done.status_code in {200, 202}, done.text


def test_what_nobody_signed_is_settled_by_itself(signer: Signer) -> None:
    _letter, task = at_the_signer(signer.world)
    signer.begin(task)
    (row,) = signer.rows(task)
    signer.world.clock.advance(timedelta(minutes=31))
    work_off(signer.world)
    (after,) = signer.rows(task)
    assert after.state == "failed"
    with reading(signer.world.system.engine) as db:
        held = db.execute(sa.select(blob.c.held_by).where(blob.c.id == row.blob_id)).scalar_one()
    assert held is None


def test_words_that_changed_meanwhile_are_not_signed(signer: Signer) -> None:
    letter, task = at_the_signer(signer.world)
    asked = signer.begin(task)["device"]
    with signer.world.system.engine.begin() as db:
        changed = sa.update(document).where(document.c.id == _id(letter["id"]))
        other = {**letter.get("content", {}), "subject": "เรื่องอื่น"}
        db.execute(changed.values(content=other))
    refused = signer.bring(task, asked, signer.device.sign(signed_bytes(asked)))
    assert (refused.status_code, refused.json["reason"]) == (409, "other_than_shown")
    (row,) = signer.rows(task)
    assert row.state == "failed"


def test_beginning_anew_takes_over(signer: Signer) -> None:
    _letter, task = at_the_signer(signer.world)
    first, second = signer.begin(task)["device"], signer.begin(task)["device"]
    refused = signer.bring(task, first, signer.device.sign(signed_bytes(first)))
    assert refused.status_code == 409
    done = signer.bring(task, second, signer.device.sign(signed_bytes(second)))
    assert done.status_code in {200, 202}, done.text


def test_no_pin_proves_who_keeps_the_key_elsewhere(signer: Signer) -> None:
    _letter, task = at_the_signer(signer.world)
    proof = {"authorization": {"method": "pin", "code": "583071"}}
    answer = signer.world.post(f"/tasks/{task}/complete", proof, as_="somying")
    assert (answer.status_code, answer.json["code"]) == (403, "authorization_method")


def test_the_example_for_integrators_signs(
    signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _letter, task = at_the_signer(signer.world)
    signer.begin(task)
    file = tmp_path / "key.pem"
    pem = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    file.write_bytes(signer.device.key.private_bytes(*pem))
    monkeypatch.setenv("SARABAN_TOKEN", signer.world.token("somying"))
    server = make_server("127.0.0.1", 0, signer.world.client.application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        run = [sys.executable, str(EXAMPLE), f"http://127.0.0.1:{server.port}", task, str(file)]
        done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)
    finally:
        server.shutdown()
        thread.join()
    assert done.returncode == 0, done.stderr
    assert signer.rows(task)[0].state in {"signed", "stamping"}
