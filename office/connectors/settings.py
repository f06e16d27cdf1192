"""What connectors need to know of the installation; `Services.extra["connectors"]` holds it."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.bus import Services
from office.accounts.sealed import Sealed
from office.connectors.models import connector
from office.connectors.outgoing import Outgoing

#: what a connector's secret is sealed for
PURPOSE = "connector"
SEALED = (Sealed(connector.c.secret, PURPOSE, connector.c.id),)


@dataclass(frozen=True, slots=True)
class ConnectorSettings:
    #: the installation's secret; a key of its own is derived from it
    secret: bytes = field(repr=False)
    outgoing: Outgoing = field(default_factory=Outgoing)


def settings_of(services: Services) -> ConnectorSettings:
    found = services.extra.get("connectors")
    if not isinstance(found, ConnectorSettings):
        raise TypeError("Expected Services.extra['connectors'] to hold ConnectorSettings.")
    return found
