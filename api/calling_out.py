"""Which addresses the agencies' connectors may call, by the settings."""

from __future__ import annotations

import ipaddress

from api.settings import PREFIX, BadSettings, Settings
from office.connectors.outgoing import Outgoing


def outgoing(settings: Settings) -> Outgoing:
    names = [name.strip() for name in settings.connector_networks.split(",") if name.strip()]
    try:
        return Outgoing(tuple(ipaddress.ip_network(name) for name in names))
    except ValueError as wrong:
        raise BadSettings(
            f"Expected networks such as 10.20.0.0/16 in {PREFIX}CONNECTOR_NETWORKS, but {wrong}."
        ) from None
