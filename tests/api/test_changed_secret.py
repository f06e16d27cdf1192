"""The installation's secret is changed while people work: nothing that was sealed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pyotp
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from api import bootstrap, cli
from api.auth.oidc.flow import close_secret
from api.bootstrap import SEALED, System
from api.settings import Settings
from engine.actor import Actor, system_actor
from engine.db import metadata, reading
from engine.ids import new_id
from office.accounts import factors
from office.accounts.commands import AddProvider
from office.accounts.commands.resealing import ResealSecrets
from office.accounts.models import factor, sign_in_provider
from office.accounts.secrets import Secret, seal, unseal
from office.accounts.settings import settings_of
from office.people import queries as people
from office.people.models import org_event

OLD, NEW, OTHER = ("an old secret of the house", "a new secret of the house", "quite another one")
#: Sealed for a while: sessions end by themselves, and signing out does without.
FOR_A_WHILE = {"provider_session.sealed_token"}

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def invoke(*words: str, secret: str, before: str = "") -> Result:
        environ = {"SARABAN_HOME": str(tmp_path), "SARABAN_SECRET": secret,
                   "SARABAN_SECRET_BEFORE": before}  # fmt: skip
        return CliRunner().invoke(cli.saraban, words, env=environ)

    assert invoke("migrate", secret=OLD).exit_code == 0
    made = invoke("init", "--agency", "home", "--name", "home", "--admin", "anong",
                  "--password", "a long and plain phrase", secret=OLD)  # fmt: skip
    assert made.exit_code == 0, made.output
    return invoke


@contextmanager
def house(home: Path, secret: str, before: str = "") -> Iterator[System]:
    settings = Settings(home=home, secret=secret, secret_before=before).resolved()
    with bootstrap.opened(settings, bell=False) as system:
        yield system


def admin_of(system: System) -> Actor:
    with reading(system.engine) as db:
        (agency,) = people.agencies(db)
        person = people.person(db, agency.id, "anong")
        return people.actor_for(db, agency.id, person.id, system.services.clock.now())


def enrol(system: System) -> str:
    """A second factor and a sign-in provider with a secret; answers the factor's own secret."""
    actor = admin_of(system)
    begun = factors.begin_enrolment(system.bus, actor)
    provider_id = new_id()
    sealed = close_secret(system.settings.installation_secret, "client's", provider_id)
    command = AddProvider("p", "https://idp.example.go.th", "id", provider_id=provider_id,
                          sealed_secret=sealed)  # fmt: skip
    system.bus.execute(command, system_actor(actor.agency_id))
    return begun.secret


def confirm(system: System, secret: str) -> None:
    """A code is taken only where the factor's secret can be opened."""
    now = system.services.clock.now()
    session = UUID(int=0)
    code = pyotp.TOTP(secret).at(now)
    factors.confirm_enrolment(system.bus, admin_of(system), code, "127.0.0.1", keep_session=session)


def test_the_secret_before_opens_until_all_is_sealed_anew(run: Run, tmp_path: Path) -> None:
    with house(tmp_path, OLD) as system:
        secret = enrol(system)
    with house(tmp_path, NEW, OLD) as system:
        confirm(system, secret)
    done = run("reseal", secret=NEW, before=OLD)
    assert (done.exit_code, "2 sealed anew, 0 lost" in done.output) == (0, True), done.output
    again = run("reseal", secret=NEW)  # the old one is forgotten
    assert (again.exit_code, "2 values looked at, 0 sealed anew" in again.output) == (0, True)
    with house(tmp_path, NEW) as system, reading(system.engine) as db:
        kept = sa.select(org_event.c.data).where(org_event.c.type == "secrets.resealed")
        what = {one["what"] for one in db.scalars(kept)}
        assert what == {"factor.sealed", "sign_in_provider.sealed_secret"}


def test_what_no_secret_opens_is_told_and_left_as_it_is(run: Run, tmp_path: Path) -> None:
    with house(tmp_path, OLD) as system:
        enrol(system)
        values = sealed_values(system)
    lost = run("reseal", secret=NEW, before=OTHER)
    assert lost.exit_code == 1
    assert "0 sealed anew, 2 lost" in lost.output
    with house(tmp_path, NEW) as system:
        assert sealed_values(system) == values


def sealed_values(system: System) -> list[bytes]:
    with reading(system.engine) as db:
        return [*db.scalars(sa.select(factor.c.sealed)),
                *db.scalars(sa.select(sign_in_provider.c.sealed_secret))]  # fmt: skip


def test_a_value_that_somebody_changes_meanwhile_is_theirs(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two who seal anew at once: the later finds the value changed, and leaves it."""
    with house(tmp_path, OLD) as system:
        enrol(system)
    with house(tmp_path, NEW, OLD) as system:
        agency = system_actor(admin_of(system).agency_id)
        before = sealed_values(system)[0]
        assert system.bus.execute(ResealSecrets("factor.sealed"), agency)["resealed"] == 1
        kept = sealed_values(system)[0]
        from office.accounts.commands import resealing

        row = type("Row", (), {"id": _factor_id(system), "value": before})()
        monkeypatch.setattr(resealing, "_anew", lambda *_: [(row, b"late")])
        assert system.bus.execute(ResealSecrets("factor.sealed"), agency)["resealed"] == 0
        assert sealed_values(system)[0] == kept != before


def _factor_id(system: System) -> UUID:
    with reading(system.engine) as db:
        return db.scalars(sa.select(factor.c.id)).one()


def test_a_person_cannot_seal_secrets_anew(run: Run, tmp_path: Path) -> None:
    with house(tmp_path, OLD) as system, pytest.raises(Exception, match="Expected the system"):
        system.bus.execute(ResealSecrets("factor.sealed"), admin_of(system))


def test_every_sealed_column_is_known() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary)
        and ("seal" in column.name or "secret" in column.name)
    }
    assert found == {sealed.name for sealed in SEALED} | FOR_A_WHILE


def test_the_present_secret_seals_and_both_open(tmp_path: Path) -> None:
    owner = new_id()
    old, both = Secret(b"old"), Secret(b"new", b"old")
    assert unseal(both, "p", seal(old, "p", b"text", owner), owner) == b"text"
    assert unseal(Secret(b"new"), "p", seal(both, "p", b"text", owner), owner) == b"text"
    settings = Settings(home=tmp_path, secret="new", secret_before="old")
    assert settings.installation_secret.before == b"old"
    assert Settings(home=tmp_path, secret="new").installation_secret.before is None
    with house(tmp_path / "h", "new", "old") as system:
        assert settings_of(system.services).secret == both
