"""Signing in by a provider on loopback, with what an attacker would try at each step."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from support.browsing import Browser
from support.oidc_provider import Provider
from support.world import World

from api.auth.oidc.discovery import Published
from api.auth.oidc.flow import Client, close_secret
from api.auth.oidc.outside import Outside
from api.auth.oidc.refusals import ProviderSilent
from engine.actor import system_actor
from engine.db import reading
from engine.ids import new_id
from office.accounts import queries
from office.accounts.commands import AddProvider, LinkIdentity, UnlinkIdentity
from office.people.commands import ChangePerson


@pytest.fixture(scope="module")
def providers(office: World) -> Iterator[tuple[Provider, Provider]]:
    found = tuple(Provider(now=lambda: office.clock.now().timestamp()) for _ in range(2))
    extensions = office.client.application.extensions
    kept = extensions["saraban.providers"]
    extensions["saraban.providers"] = Published(Outside(frozenset({"127.0.0.1"})))
    yield found
    extensions["saraban.providers"] = kept
    for one in found:
        one.close()


@pytest.fixture(scope="module")
def ids(office: World, providers: Any) -> list[str]:
    made = []
    for number, one in enumerate(providers):
        provider_id = new_id()
        sealed = close_secret(
            office.system.settings.secret.encode(), one.client_secret, provider_id
        )
        command = AddProvider(
            f"บัญชีกระทรวง {number}", one.issuer, one.client_id, provider_id=provider_id,
            sealed_secret=sealed,
        )  # fmt: skip
        made.append(office.system.bus.execute(command, system_actor(office.home.id))["id"])
    return made


@pytest.fixture
def provider(providers: Any, office: World) -> Iterator[Provider]:
    one = providers[0]
    yield one
    one.twist = one.forge = None
    one.algorithm, one.described, one.status = "RS256", {}, 200
    one.user = {"sub": "u-1", "name": "ทศพล"}


@pytest.fixture
def linked(office: World, ids: list[str], provider: Provider) -> str:
    """clerk is u-1 at the first provider."""
    command = LinkIdentity(UUID(ids[0]), office.home.persons["clerk"], "u-1")
    office.system.bus.execute(command, system_actor(office.home.id))
    return ids[0]


@pytest.fixture(scope="module")
def office(own_world: World) -> World:
    return own_world


def password(username: str) -> str:
    return f"{username} opens his own door"


def signed_in(office: World, username: str, address: str) -> Browser:
    browser = Browser(office.client.application, address)
    browser.sign_in(username, password(username))
    return browser


_LAST = iter(range(1, 250))


@pytest.fixture
def browser(office: World) -> Browser:
    return Browser(office.client.application, f"10.77.0.{next(_LAST)}")


def go(browser: Browser, path: str) -> str:
    """Press the button; the address at the provider."""
    answer = browser.client.get(path)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def ask(address: str) -> str:
    """What the provider answers a browser: the address that it sends it back to."""
    parts = urlsplit(address)
    line = HTTPConnection(parts.netloc, timeout=5)
    line.request("GET", f"{parts.path}?{parts.query}")
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.status == 302
    return str(answer.headers["Location"])


def back(browser: Browser, address: str) -> Any:
    parts = urlsplit(address)
    return browser.open(f"{parts.path}?{parts.query}")


def sign_in(browser: Browser, provider_id: str) -> Any:
    return back(browser, ask(go(browser, f"/sign-in/with/{provider_id}?next=/account")))


def inside(browser: Browser) -> bool:
    return browser.open("/account").path == "/account"


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "PS256"])
def test_whoever_is_linked_is_let_in(browser, provider, linked, algorithm):
    provider.algorithm = algorithm
    page = sign_in(browser, linked)
    assert (page.path, page.status) == ("/account", 200)
    assert "Clerk" in page.text


def test_the_way_carries_what_binds_it(browser, provider, linked):
    asked = parse_qs(urlsplit(go(browser, f"/sign-in/with/{linked}")).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 40
    assert len(asked["nonce"][0]) >= 40
    cookie = browser.client.get_cookie("saraban_way")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert asked["state"][0] not in base64.urlsafe_b64decode(cookie.value).decode("latin-1")


def test_the_password_still_opens_where_the_provider_is_silent(browser, provider, linked, office):
    provider.status = 503
    office.client.application.extensions["saraban.providers"] = Published(
        Outside(frozenset({"127.0.0.1"}))
    )
    answer = browser.client.get(f"/sign-in/with/{linked}")
    assert answer.status_code == 503
    assert "เข้าสู่ระบบด้วยรหัสผ่านแทนได้" in answer.text
    provider.asked.clear()
    assert browser.client.get(f"/sign-in/with/{linked}").status_code == 503
    assert provider.asked == []  # whoever did not answer is left alone for a while
    office.client.application.extensions["saraban.providers"] = Published(
        Outside(frozenset({"127.0.0.1"}))
    )
    browser.sign_in("clerk", password("clerk"))


def test_keys_that_were_changed_are_looked_up_again(browser, provider, linked, office):
    sign_in(browser, linked)
    provider.rotate()
    published = office.client.application.extensions["saraban.providers"]
    kept = published._keys[provider.issuer]
    published._keys[provider.issuer] = kept._replace(at=kept.at - 60)
    other = Browser(office.client.application, "10.77.1.1")
    assert sign_in(other, linked).path == "/account"


def test_keys_that_do_not_come_are_left_alone_for_a_while(provider, linked):
    published = Published(Outside(frozenset({"127.0.0.1"})))
    about = published.metadata(provider.issuer)
    provider.status = 503
    with pytest.raises(ProviderSilent):
        published.keys(about, "x")
    provider.asked.clear()
    with pytest.raises(ProviderSilent):
        published.keys(about, "x")
    assert provider.asked == []


def test_a_provider_that_is_slow_takes_no_seat_of_another(provider, linked):
    outside, keys = Outside(frozenset({"127.0.0.1"})), f"{provider.issuer}/keys"
    with ExitStack() as waiting:
        for _ in range(3):
            waiting.enter_context(outside._seats.one("slow.example"))
        assert outside.get(keys)
        for _ in range(3):
            waiting.enter_context(outside._seats.one(urlsplit(keys).netloc))
        with pytest.raises(ProviderSilent):
            outside.get(keys)


def test_whose_providers_they_are_is_chosen_first(browser, office, linked):
    entrance = browser.open("/sign-in", query={"next": "/registers"})
    (link,) = entrance.links("/sign-in/agencies")
    assert link.endswith("next=/registers")
    listed = browser.open(link)
    (own,) = listed.links("/sign-in?agency=")
    assert own == f"/sign-in?agency={office.home.code}&next=/registers"
    assert office.foreign.code not in listed.text  # it has no provider
    nobody = browser.open("/sign-in/agencies", query={"q": "ไม่มีหน่วยงานนี้", "next": "//evil.test"})
    assert not nobody.links("/sign-in?agency=")
    assert nobody.form("/sign-in/agencies").values()["next"] == ["/"]
    assert browser.open("/sign-in/agencies", query={"q": office.home.code.upper()}).links(
        "/sign-in?agency="
    )
    page = browser.open(own)
    (button,) = page.links(f"/sign-in/with/{linked}")
    assert button.endswith("next=/registers")


def test_the_page_of_one_agency_offers_its_providers(browser, office, linked):
    button, page = f"/sign-in/with/{linked}", f"/sign-in?agency={office.home.code}"
    assert button not in browser.client.get("/sign-in").text
    assert button not in browser.client.get(f"/sign-in?agency={office.foreign.code}").text
    shown = browser.open(page)
    assert shown.links(button)
    assert f"หน่วยงาน {office.home.code}" in shown.text
    again = shown.form(page).send(username="clerk", password="not this one")
    assert again.links(button)  # a wrong password leads to the same page


# ---- what is not let in


def wrong(**changed: Any) -> Any:
    return lambda claims, header: claims.update(changed)


ATTACKS: dict[str, Any] = {
    "another nonce": wrong(nonce="another"),
    "no nonce": lambda claims, header: claims.pop("nonce"),
    "another issuer": wrong(iss="https://evil.example"),
    "another audience": wrong(aud="somebody-else"),
    "many audiences": wrong(aud=["saraban", "somebody-else"]),
    "made for another": wrong(azp="somebody-else"),
    "over": lambda claims, header: claims.update(exp=claims["iat"] - 120),
    "old": lambda claims, header: claims.update(iat=claims["iat"] - 3600),
    "of tomorrow": lambda claims, header: claims.update(iat=claims["iat"] + 86_400),
    "without an end": lambda claims, header: claims.pop("exp"),
    "an end that is no number": wrong(exp="9999999999"),
    "not begun": lambda claims, header: claims.update(nbf=claims["iat"] + 3600),
    "nobody": wrong(sub=""),
    "a subject that is no text": wrong(sub=1),
    "a logout token": lambda claims, header: header.update(typ="logout+jwt"),
    "with events": wrong(events={}),
    "critical": lambda claims, header: header.update(crit=["b64"], b64=True),
    "an unknown key": lambda claims, header: header.update(kid="another"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_token_that_is_not_right_opens_nothing(browser, provider, linked, attack):
    provider.twist = ATTACKS[attack]
    page = sign_in(browser, linked)
    assert page.status == 401
    assert "ไม่เปิดให้เข้า" in page.text
    assert not inside(browser)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unsigned(provider: Provider, claims: dict[str, Any]) -> str:
    head = _b64(json.dumps({"alg": "none"}).encode())
    return f"{head}.{_b64(json.dumps(claims).encode())}."


def by_public_key(provider: Provider, claims: dict[str, Any]) -> str:
    """HMAC with what everybody knows: the provider's public key."""
    head = json.dumps({"alg": "HS256", "kid": provider.keys["RS256"].kid})
    text = f"{_b64(head.encode())}.{_b64(json.dumps(claims).encode())}"
    known = provider.keys["RS256"].as_pem(private=False)
    return f"{text}.{_b64(hmac.new(known, text.encode(), hashlib.sha256).digest())}"


def by_own_key(provider: Provider, claims: dict[str, Any]) -> str:
    """A key of the attacker's, brought along in the header."""
    from joserfc import jws
    from joserfc.jwk import RSAKey

    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "kid": provider.keys["RS256"].kid, "jwk": key.as_dict(private=False)}
    return jws.serialize_compact(header, json.dumps(claims), key)


def cut(provider: Provider, claims: dict[str, Any]) -> str:
    forge, provider.forge = provider.forge, None
    token = provider.sign(claims)
    provider.forge = forge
    head, _, sign = token.split(".")
    return f"{head}.{_b64(json.dumps({**claims, 'sub': 'u-2'}).encode())}.{sign}"


@pytest.mark.parametrize("forged", [unsigned, by_public_key, by_own_key, cut])
def test_a_forged_signature_opens_nothing(browser, provider, linked, forged):
    provider.forge = lambda claims: forged(provider, claims)
    page = sign_in(browser, linked)
    assert page.status == 401
    assert not inside(browser)


def test_an_answer_counts_once_and_in_its_own_browser(browser, provider, linked, office):
    address = ask(go(browser, f"/sign-in/with/{linked}"))
    cookie = browser.client.get_cookie("saraban_way").value
    stranger = Browser(office.client.application, "10.77.2.1")
    assert back(stranger, address).status == 401  # login CSRF: another's answer slipped in
    assert back(browser, address).path == "/"
    thief = Browser(office.client.application, "10.77.2.2")
    thief.client.set_cookie("saraban_way", cookie)
    assert back(thief, address).status == 401
    assert not inside(thief)


def test_a_code_of_another_way_is_refused(browser, provider, linked, office):
    """Code injection: a stolen code, put into the attacker's own way."""
    victim = Browser(office.client.application, "10.77.2.3")
    stolen = parse_qs(urlsplit(ask(go(victim, f"/sign-in/with/{linked}"))).query)["code"][0]
    own = urlsplit(go(browser, f"/sign-in/with/{linked}"))
    state = parse_qs(own.query)["state"][0]
    path = f"/sign-in/with/{linked}/back"
    asked = {"code": stolen, "state": state, "iss": provider.issuer}
    page = browser.open(path, query=asked)
    assert page.status in {401, 503}
    assert not inside(browser)


def test_another_state_is_refused_before_the_provider_is_asked(browser, provider, linked):
    address = ask(go(browser, f"/sign-in/with/{linked}"))
    provider.asked.clear()
    changed = address.replace("state=", "state=x")
    assert back(browser, changed).status == 401
    assert "POST /realm/token" not in provider.asked


def test_two_providers_are_not_mixed_up(browser, providers, provider, linked, ids):
    """The answer of one is brought to the address of the other, and named as its own."""
    evil = providers[1]
    address = ask(go(browser, f"/sign-in/with/{ids[1]}"))
    moved = address.replace(ids[1], ids[0])
    assert back(browser, moved).status == 401
    address = ask(go(browser, f"/sign-in/with/{ids[0]}"))
    unnamed = address.partition("&iss=")[0]
    evil.asked.clear()
    assert back(browser, unnamed).status == 401  # it says that it names itself
    address = ask(go(browser, f"/sign-in/with/{ids[0]}"))
    named = f"{address.partition('&iss=')[0]}&iss={evil.issuer}"
    assert back(browser, named).status == 401
    assert evil.asked == []


def test_a_provider_that_says_no_says_it_plainly(browser, provider, linked):
    state = parse_qs(urlsplit(go(browser, f"/sign-in/with/{linked}")).query)["state"][0]
    asked = {"error": "access_denied", "state": state, "iss": provider.issuer}
    page = browser.open(f"/sign-in/with/{linked}/back", query=asked)
    assert page.status == 401
    assert "ไม่ได้ยืนยันตัวตนของท่าน" in page.text


def test_nobody_is_found_by_mail_address(browser, provider, linked, office):
    mail = "admin@agency.go.th"
    known = ChangePerson("admin", email=mail)
    office.system.bus.execute(known, system_actor(office.home.id))
    provider.user = {"sub": "u-9", "email": mail, "preferred_username": "admin"}
    page = sign_in(browser, linked)
    assert page.path == "/sign-in"
    assert "ยังไม่ได้เชื่อมบัญชี" in page.text
    assert not inside(browser)


def test_somebody_links_themselves_after_a_password(browser, provider, ids, office):
    provider.user = {"sub": "u-3", "name": "แฟ้ม ที่กระทรวง"}
    page = sign_in(browser, ids[0])
    form = page.form("/sign-in")
    asked = form.send(username="colleague", password=password("colleague"))
    assert asked.path == "/account/provider"
    assert "แฟ้ม ที่กระทรวง" in asked.text
    wrong_proof = asked.form("/account/provider").send(proof="not my password")
    assert wrong_proof.error("proof")
    done = wrong_proof.form("/account/provider").send(proof=password("colleague"))
    assert done.path == "/account"
    other = Browser(office.client.application, "10.77.3.1")
    assert sign_in(other, ids[0]).path == "/account"
    assert "ความปลอดภัยของบัญชี" in other.open("/notices").text
    (action,) = [
        str(form.element.get("action"))
        for form in other.open("/account").forms()
        if "/account/identities/" in str(form.element.get("action"))
    ]
    other.open("/account").form(action).send()
    assert not inside(other)  # the session came by what is no more
    assert inside(browser)


def test_whom_somebody_else_proved_is_not_slipped_in(browser, provider, ids, office):
    """A way to link oneself ends in the session in which it began."""
    provider.user = {"sub": "u-4"}
    mine = signed_in(office, "outsider", "10.77.3.2")
    address = ask(go(mine, f"/account/provider/{ids[0]}"))
    cookie = mine.client.get_cookie("saraban_way").value
    victim = signed_in(office, "boss", "10.77.3.3")
    victim.client.set_cookie("saraban_way", cookie)
    page = back(victim, address)
    assert page.path == "/account"
    assert victim.client.get_cookie("saraban_found") is None
    assert back(mine, address).path == "/account/provider"


def test_whom_another_has_is_not_linked_again(provider, linked, office):
    browser = signed_in(office, "boss", "10.77.3.4")
    page = back(browser, ask(go(browser, f"/account/provider/{linked}")))
    done = page.form("/account/provider").send(proof=password("boss"))
    assert "เชื่อมกับผู้อื่นอยู่" in done.text


# ---- signed out


def logout(browser: Browser, provider_id: str, token: str) -> int:
    path, form = f"/back-channel-logout/{provider_id}", {"logout_token": token}
    there = {"REMOTE_ADDR": browser.address}
    return int(browser.client.post(path, data=form, environ_overrides=there).status_code)


def test_the_provider_signs_people_out(browser, provider, linked, office):
    sign_in(browser, linked)
    server = Browser(office.client.application, "10.77.4.1")
    other = Browser(office.client.application, "10.77.4.2")
    other.sign_in("clerk", password("clerk"))
    token = provider.logout_token(sid="s-u-1")
    assert logout(server, linked, token) == 200
    assert not inside(browser)
    assert inside(other)  # one session of the provider's has ended, no other
    browser.client.delete_cookie("saraban")
    sign_in(browser, linked)
    assert logout(server, linked, token) == 400  # replayed
    assert inside(browser)
    assert logout(server, linked, provider.logout_token()) == 200
    assert not inside(browser)
    assert not inside(other)  # the person has left: every session


LOGOUTS: dict[str, dict[str, Any]] = {
    "with a nonce": {"nonce": "x"},
    "of no event": {"events": {}},
    "for another": {"aud": "somebody-else"},
    "by another": {"iss": "https://evil.example"},
    "of nobody": {"sub": None},
    "without a name": {"jti": None},
    "over": {"exp": 1},
    "old": {"iat": 1},
}


@pytest.mark.parametrize("case", LOGOUTS)
def test_a_logout_token_that_is_not_right_ends_nothing(browser, provider, linked, office, case):
    sign_in(browser, linked)
    server = Browser(office.client.application, "10.77.4.3")
    assert logout(server, linked, provider.logout_token(**LOGOUTS[case])) == 400
    assert inside(browser)


def test_wrong_logouts_are_bounded_and_right_ones_not_counted(browser, provider, linked, office):
    sign_in(browser, linked)
    server = Browser(office.client.application, "10.77.4.9")
    for _ in range(3):
        assert logout(server, linked, provider.logout_token()) == 200
    answers = [logout(server, linked, f"guess {number}") for number in range(31)]
    assert answers == [400] * 30 + [429]


def test_an_id_token_signs_nobody_out(browser, provider, linked, office):
    sign_in(browser, linked)
    server = Browser(office.client.application, "10.77.4.4")
    assert logout(server, linked, provider.id_token("x")) == 400
    assert inside(browser)


def test_signing_out_leads_out_of_the_provider_too(browser, provider, linked):
    page = sign_in(browser, linked).form("/sign-out").send()
    (leaving,) = page.links("/realm/leave")
    asked = parse_qs(urlsplit(leaving).query)
    assert asked["id_token_hint"][0].count(".") == 2
    assert asked["post_logout_redirect_uri"][0].endswith("/sign-in")
    assert not inside(browser)


def test_a_link_that_was_ended_opens_nothing(browser, provider, linked, office):
    sign_in(browser, linked)
    with reading(office.system.engine) as db:
        (link,) = queries.identities(db, office.home.id, office.home.persons["clerk"])
    office.system.bus.execute(UnlinkIdentity(link.id), system_actor(office.home.id))
    assert not inside(browser)
    assert "ยังไม่ได้เชื่อมบัญชี" in sign_in(browser, linked).text


def test_what_was_sealed_under_another_secret_is_asked_for_anew(browser, linked, office, provider):
    sign_in(browser, linked)
    with reading(office.system.engine) as db:
        row = queries.active_provider(db, UUID(linked))
    published = office.client.application.extensions["saraban.providers"]
    client = Client(row, published, b"another secret", "https://saraban.example/back")
    with pytest.raises(ProviderSilent):
        client.open_secret(row.sealed_secret)
    leaving = client.leaving(b"sealed under the first", "https://saraban.example/")
    assert "id_token_hint" not in leaving


# ---- set up


def test_an_administrator_sets_a_provider_up(office, providers, ids, provider):
    admin = signed_in(office, "admin", "10.77.5.1")
    page = admin.open("/admin/sign-in")
    typed = {"name": "สำนักงาน", "client_id": "saraban", "client_secret": "s3cret-of-ours"}
    silent = page.form("/admin/sign-in").send(issuer=f"{provider.issuer}/", **typed)
    assert silent.status == 422
    assert "ตรวจ Issuer" in silent.error("issuer")
    assert "s3cret-of-ours" not in silent.response.text
    done = silent.form("/admin/sign-in").send(issuer=provider.issuer, **typed)
    assert done.status == 200
    assert "เพิ่มผู้ให้บริการยืนยันตัวตน" in done.text
    assert f"/sign-in?agency={office.home.code}" in done.text
    assert "s3cret-of-ours" not in done.response.text
    with reading(office.system.engine) as db:
        *_others, made = queries.providers(db, office.home.id)
    assert b"s3cret-of-ours" not in made.sealed_secret
    action = f"/admin/sign-in/{made.id}"
    moved = done.form(action).send(issuer=providers[1].issuer)
    assert "Client secret" in moved.error(f"client_secret-{made.id}")
    closed = done.form(f"{action}/close").send()
    assert "ปิดแล้ว" in closed.text
    assert (
        Browser(office.client.application).client.get(f"/sign-in/with/{made.id}").status_code == 404
    )
    assert signed_in(office, "clerk", "10.77.5.2").open("/admin/sign-in").status == 403


def test_an_administrator_links_somebody(office, ids, provider, browser):
    admin = signed_in(office, "admin", "10.77.5.3")
    address = f"/people/{office.home.persons['boss']}"
    form = admin.open(address).form(f"{address}/identities")
    done = form.send(provider=ids[0], subject="u-7")
    assert "เชื่อมบัญชีกับผู้ให้บริการ" in done.text
    provider.user = {"sub": "u-7"}
    assert sign_in(browser, ids[0]).path == "/account"
    (ending,) = [one for one in done.forms() if "/identities/" in str(one.element.get("action"))]
    ending.send()
    assert not inside(browser)


def test_the_api_sets_up_and_links(office, providers, provider):
    body = {"name": "API", "issuer": provider.issuer, "client_id": "c", "client_secret": "hush"}
    refused = office.post("/sign-in-providers", body | {"issuer": "https://127.0.0.2"}, as_="admin")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "issuer")
    assert office.post("/sign-in-providers", body, as_="clerk").status_code == 403
    made = office.post("/sign-in-providers", body, as_="admin")
    assert made.status_code == 201, made.text
    path = f"/sign-in-providers/{made.json['id']}"
    one = office.get(path, as_="admin")
    assert "hush" not in one.text
    assert one.json["redirect_uri"].endswith(f"/sign-in/with/{made.json['id']}/back")
    change = {"json": {"active": False}, "as_": "admin"}
    assert office.call("PUT", path, headers={"If-Match": '"old"'}, **change).status_code == 412
    assert (
        office.call("PUT", path, headers={"If-Match": one.headers["ETag"]}, **change).status_code
        == 200
    )
    wanted = {"provider_id": made.json["id"], "subject": "api-1"}
    linked = office.post("/people/outsider/identities", wanted, as_="admin")
    assert linked.status_code == 201
    known = office.get("/people/outsider/identities", as_="admin").json["items"]
    assert "api-1" in {link["subject"] for link in known}
    gone = office.call("DELETE", f"/people/outsider/identities/{linked.json['id']}", as_="admin")
    assert gone.status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:1/x",
        "https://169.254.169.254/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::a9fe:a9fe]/x",
    ],
)
def test_no_private_address_is_asked_unless_it_is_allowed(address):
    with pytest.raises(ProviderSilent, match="private network"):
        Outside(patience=1).get(address)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/x", "ftp://a.example/x", "https://u:p@a.example/x", "https:///x"],
)
def test_only_https_without_a_name_is_asked(address):
    with pytest.raises(ProviderSilent, match=r"https://|user's name"):
        Outside(patience=1).get(address)


def test_an_answer_that_drips_or_swells_is_cut(providers):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        threading.Thread(target=_drip, args=[listener], daemon=True).start()
        begun = time.monotonic()
        with pytest.raises(ProviderSilent):
            Outside(frozenset({"127.0.0.1"}), patience=0.5).get(f"http://127.0.0.1:{port}/")
        assert time.monotonic() - begun < 20  # the drip would last longer
    small = Outside(frozenset({"127.0.0.1"}), max_bytes=20)
    with pytest.raises(ProviderSilent):
        small.get(f"{providers[0].issuer}/.well-known/openid-configuration")


def _drip(listener):
    line, _address = listener.accept()
    with line, suppress(OSError):
        line.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
        for _ in range(400):
            line.sendall(b" ")
            threading.Event().wait(0.1)


def test_a_description_that_sends_people_elsewhere_is_not_followed(providers, provider):
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
        provider.described = {name: "http://127.0.0.1:1/elsewhere"}
        with pytest.raises(ProviderSilent):
            Published(Outside(frozenset({"127.0.0.1"}))).metadata(provider.issuer)
