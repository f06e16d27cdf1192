"""The installation's secret, while it is being changed."""

from __future__ import annotations

import sys
from collections import Counter
from uuid import UUID

import click

from api.bootstrap import SEALED, System
from api.cli.data import system_at_work
from engine.actor import system_actor
from engine.db import reading
from office.accounts.commands.resealing import ResealSecrets
from office.people import queries as people


@click.command()
def reseal() -> None:
    """Seal everything anew under SARABAN_SECRET; exit 1 where something opens under no secret.

    SARABAN_SECRET_BEFORE is the secret that it was sealed under; the service may run meanwhile, and
    whoever is interrupted begins again. Afterwards the secret before can be forgotten.
    """
    told: Counter[str] = Counter()
    with system_at_work() as system:
        with reading(system.engine) as db:
            agencies = people.agencies(db)
        for agency in agencies:
            for sealed in SEALED:
                told += _column(system, agency.id, sealed.name)
    click.echo(
        f"{told['looked']} values looked at, {told['resealed']} sealed anew, {told['lost']} lost"
    )
    if told["lost"]:
        click.echo(
            "Expected every value to open under SARABAN_SECRET or SARABAN_SECRET_BEFORE, but some"
            " do not. Name the secret that they were sealed under, or have them entered anew.",
            err=True,
        )
        sys.exit(1)


def _column(system: System, agency_id: UUID, name: str) -> Counter[str]:
    told: Counter[str] = Counter()
    after: UUID | None = None
    while True:
        answer = system.bus.execute(ResealSecrets(name, after), system_actor(agency_id))
        told.update({what: answer[what] for what in ("looked", "resealed", "lost")})
        if answer["after"] is None:
            return told
        after = UUID(answer["after"])


COMMANDS = (reseal,)
