"""Agencies of the installation: founded beside the first, told, their people let in again."""

from __future__ import annotations

import click

from api import first, stewards
from api.cli.data import agency_named, system_at_work
from engine.actor import system_actor
from engine.db import reading
from office.accounts import credentials
from office.accounts.commands import SetUpAgency
from office.accounts.commands.founding import MOST_HOURS
from office.people import queries as people

HOURS = click.option(
    "--hours", type=click.IntRange(1, MOST_HOURS), default=24, show_default=True,
    help="How long the link is good.",
)  # fmt: skip


@click.group()
def agency() -> None:
    """Found further agencies in this installation, see which there are, and say who may do so from
    a page.
    """


@agency.command("found")
@click.argument("code")
@click.option("--name", required=True, help="Its name in Thai, as it is printed.")
@click.option("--name-en", default="", help="Its name in English.")
@click.option("--timezone", default="Asia/Bangkok", show_default=True, help="Its time zone.")
@click.option("--admin", required=True, help="Sign-in name of its first administrator.")
@click.option("--given-name", required=True, help="Their given name.")
@click.option("--family-name", default="", help="Their family name.")
@click.option("--email", help="Their address: the link is mailed there as well.")
@HOURS
def found(
    code: str,
    name: str,
    name_en: str,
    timezone: str,
    admin: str,
    given_name: str,
    family_name: str,
    email: str | None,
    hours: int,
) -> None:
    """Found the agency CODE with an administrator, working calendar and process library, all at
    once or not at all; print the link by which the administrator sets a password.
    """
    wanted = SetUpAgency(
        code=code,
        name=name,
        name_en=name_en,
        timezone=timezone,
        admin=admin,
        given_name=given_name,
        family_name=family_name,
        email=email,
    )
    with system_at_work() as system:
        link = first.found_agency(system, wanted, hours)
    click.echo(f"Agency {code} stands. {admin} sets a password here, once, within {hours} h:")
    click.echo(link)
    click.echo("Then, at ดูแลหน่วยงาน: units, posts, people, number prefixes, seal.", err=True)


@agency.command("list")
def listing() -> None:
    """Tell the agencies, oldest first: code, time zone, name."""
    with system_at_work() as system, reading(system.engine) as db:
        for row in people.agencies(db):
            click.echo(f"{row.code}\t{row.timezone}\t{row.name}")


@agency.command("invite")
@click.argument("code")
@click.argument("user")
@HOURS
def invite(code: str, user: str, hours: int) -> None:
    """Print a new link by which USER of the agency CODE sets a password; earlier ones end."""
    with system_at_work() as system:
        actor = system_actor(agency_named(system, code))
        with reading(system.engine) as db:
            person = people.person(db, actor.agency_id, user)
        link = credentials.invite(system.bus, actor, person.id, hours)
    click.echo(link)


@agency.command("steward")
@click.argument("code")
@click.argument("user")
@click.option("--end", is_flag=True, help="Take it from them again, at once.")
def steward(code: str, user: str, end: bool) -> None:
    """Let USER of the agency CODE found agencies from a page or by REST, with a second factor.

    The right comes by a role of that agency. It is in no other right, `everything` included; who
    holds it and keeps people can give the role on, within that agency.
    """
    with system_at_work() as system:
        actor = system_actor(agency_named(system, code))
        (stewards.dismiss if end else stewards.appoint)(system, actor, user)
    click.echo(f"{user} of {code} {'founds no agencies any more' if end else 'founds agencies'}.")


COMMANDS = (agency,)
