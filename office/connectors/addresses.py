"""Which addresses lie outside the house: the one judgement for whatever calls out. Pure."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: IPv6 addresses that carry one of IPv4 inside: they would lead around the judgement
_CARRIED = (
    "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0:0/96",
)  # fmt: skip
#: sites' own addresses of old: nobody gives them out any more, but networks still lead there
_OF_SITES = "fec0::/10"
_NEVER = tuple(ipaddress.ip_network(one) for one in (*_CARRIED, _OF_SITES))


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one writes otherwise, else the same."""
    return getattr(address, "ipv4_mapped", None) or address


def is_outside(address: Address) -> bool:
    """Whether everybody's network leads there, and to one host alone."""
    found = plain(address)
    if found.is_multicast or found.is_link_local or found.is_unspecified:
        return False
    never = found.version == 6 and any(found in net for net in _NEVER)
    return found.is_global and not never
