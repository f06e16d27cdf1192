"""A replica that lags takes over: it gives out no number twice, and says what it never heard of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support import postgres
from support.backups import fenced, findings
from support.ministry import Ministry, make_ministry

from api.backup import quarantine
from engine.db import make_engine
from engine.errors import Conflict
from office.accounts.models import session
from office.correspondence.models import letter_number
from signing.authority import Authority

pytestmark = pytest.mark.faults


@pytest.fixture
def standby(postgres_server: postgres.Server) -> Iterator[postgres.Server]:
    with postgres.replica(postgres_server) as running:
        yield running


def numbers(ministry: Ministry) -> dict[int, str]:
    return {row.value: row.state for row in ministry.rows(letter_number)}


def test_a_number_that_a_replica_never_heard_of_is_not_given_again(
    postgres_ministry: Ministry,
    postgres_server: postgres.Server,
    standby: postgres.Server,
    authority: Authority,
) -> None:
    primary = postgres_ministry
    primary.letter().on_the_signers_desk().signed()
    postgres.caught_up(standby, postgres_server)
    postgres.lag(standby)
    primary.letter().on_the_signers_desk().signed()
    primary.letter().on_the_signers_desk().signed()
    assert numbers(primary) == {1: "final", 2: "final", 3: "final"}

    postgres.promote(standby)
    url = primary.bus.engine.url.set(port=standby.port)
    database = make_engine(url.render_as_string(hide_password=False))
    again = make_ministry(database, primary.clock, primary.home, authority)
    assert numbers(again) == {1: "final"}
    again.bus.handlers = {**again.bus.handlers, **quarantine.HANDLERS}
    with pytest.raises(Conflict):  # one that is at work is never fenced by mistake
        fenced(again)
    assert quarantine.hold(again.bus, "a replica took over")
    assert not quarantine.hold(again.bus, "again")
    report = fenced(again)
    assert (report.lost, report.files) == (("ตย 0201/2", "ตย 0201/3"), 2)
    assert again.rows(session, session.c.revoked_at.is_(None)) == []
    quarantine.release(again.bus)

    assert numbers(again) == {1: "final", 2: "lost", 3: "lost"}
    assert again.letter().on_the_signers_desk().signed().row.number == "ตย ๐๒๐๑/๔"
    assert findings(database) == []
    database.dispose()
