"""A signature proved by a passkey: for this letter as it was shown, once; and what accounts see."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from support.authenticator import Authenticator
from support.letter_story import at_the_signer
from support.passkeys import passkey_of
from support.world import World

from engine.db import reading
from office.demo.officials import OFFICIALS
from office.documents.models import signature
from office.people.models import org_event

PIN = {one.username: one.pin for one in OFFICIALS}["somying"]


def asked(world: World, task: str) -> dict[str, Any]:
    answer = world.post(f"/tasks/{task}/passkey-challenge", as_="somying")
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def sign(world: World, task: str, told: dict[str, Any], credential: str, pin: str = PIN) -> Any:
    proof = {
        "method": "passkey",
        "credential": json.loads(credential),
        "seen": told["seen"],
        "pin": pin,
    }
    return world.post(f"/tasks/{task}/complete", {"authorization": proof}, as_="somying")


def test_a_passkey_signs_the_letter_that_it_was_asked_for(ministry: World) -> None:
    letter, task = at_the_signer(ministry)
    _other, another = at_the_signer(ministry, subject="แจ้งผลอีกเรื่องหนึ่ง")
    with passkey_of(ministry, "somying") as device:
        address = f"/tasks/{task}/passkey-challenge"
        bare = ministry.post(address, as_="somying", base_url="http://127.0.0.1:8000")
        assert (bare.status_code, bare.json["reason"]) == (409, "no_passkeys_here"), bare.text
        told, elsewhere = asked(ministry, task), asked(ministry, another)
        answer = device.get(told["options"])
        for here, digest, credential, code in (
            (another, elsewhere, answer, "wrong_passkey"),
            (task, elsewhere, answer, "other_than_shown"),
            (task, told, Authenticator().get(told["options"]), "wrong_passkey"),
            (task, told, "{}", "wrong_passkey"),
        ):
            refused = sign(ministry, here, digest, credential)
            assert refused.status_code >= 400, (code, refused.text)
            assert refused.json.get("reason", refused.json["code"]) == code, refused.text
        done = sign(ministry, task, told, answer)
        assert done.status_code in {200, 202}, done.text
        again = sign(ministry, another, elsewhere, answer)
        assert again.json["code"] == "wrong_passkey"
    with reading(ministry.system.engine) as db:
        made = sa.select(signature.c.method, signature.c.field).where(
            signature.c.task_id == sa.bindparam("task", type_=sa.Uuid)
        )
        assert [row.method for row in db.execute(made, {"task": UUID(task)})] == ["passkey"]
        assert not db.execute(made, {"task": UUID(another)}).all()
        said = sa.select(org_event.c.data).where(
            org_event.c.agency_id == ministry.home.id, org_event.c.type == "passkey.used"
        )
        told_of = [row.data for row in db.execute(said)]
    assert {"document_id": letter["id"], "digest": told["seen"]}.items() <= told_of[-1].items()


def test_who_keeps_accounts_sees_passkeys_and_takes_lost_ones(ministry: World) -> None:
    with passkey_of(ministry, "faem"):
        path = "/people/faem/passkeys"
        assert ministry.get(path, as_="thotsop").status_code == 403
        (one,) = ministry.get(path, as_="admin").json["items"]
        assert (one["name"], one["used_at"]) == ("อุปกรณ์ทดสอบ", None)
        gone = ministry.call("DELETE", f"{path}/{one['id']}", as_="admin")
        assert gone.status_code == 200, gone.text
        assert ministry.get(path, as_="admin").json["items"] == []
        assert ministry.call("DELETE", f"{path}/{one['id']}", as_="admin").status_code == 404
