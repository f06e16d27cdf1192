"""From the page of administrators everything is reached that somebody in charge can do."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from support.browsing import Browser, Page
from support.world import World

Enter = Callable[[str], Browser]
#: pages of those in charge; what they lead to has an id in its address
IN_CHARGE = (
    "/admin", "/chains", "/definitions", "/designer", "/incidents", "/operations", "/people",
)  # fmt: skip


def led_to(page: Page) -> set[str]:
    """By the page itself, not by the menu around it."""
    return {urlsplit(link).path for link in page.tree.xpath("//main//a/@href")}


def test_every_page_of_those_in_charge_is_linked(office: World, enter: Enter) -> None:
    admin = enter("admin")
    rules = {
        rule.rule
        for rule in office.client.application.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule.startswith(IN_CHARGE)
        if not rule.rule.endswith(".png")
    }
    assert len(rules) > 30
    index = led_to(admin.open("/admin"))
    beside = {"/admin", "/admin/agencies"}  # itself, and what a right over the house opens
    behind = set().union(*(led_to(admin.open(at)) for at in sorted(index & rules)))
    assert rules - index - behind - beside == set()
    for wanted in ("/designer/templates", "/documents/new", "/operations/messages"):
        assert wanted in index


def test_each_sees_what_they_may(enter: Enter) -> None:
    registrar = led_to(enter("faem").open("/admin"))
    assert "/documents/new" in registrar
    assert not registrar & {"/designer/templates", "/operations/messages"}
