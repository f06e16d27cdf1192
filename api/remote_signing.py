"""Remote signing services, reached through connectors that an administrator opened for signing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from engine.bus import Bus
from engine.db import reading
from engine.ids import new_id
from office.connectors import calling, queries
from office.connectors.calling import perform
from office.connectors.outgoing import CallFailed
from office.connectors.rules import SIGNING
from office.connectors.settings import settings_of
from signing.errors import RemoteRefused, RemoteUnavailable
from signing.remote import Call


@dataclass(frozen=True, slots=True)
class ConnectedServices:
    """`bus` is asked for late, for the desk comes first."""

    bus: Callable[[], Bus]

    def names(self, agency_id: UUID) -> Sequence[tuple[str, str]]:
        with reading(self.bus().engine, agency_id) as db:
            known = queries.connectors(db, agency_id)
        return [(one.name, one.title) for one in known if one.active and SIGNING in one.processes]

    def call(self, agency_id: UUID, service: str) -> Call:
        def ask(method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
            return self._asked(agency_id, service, method, body)

        return ask

    def _asked(
        self, agency_id: UUID, service: str, method: str, body: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        bus, wanted = self.bus(), calling.Call(service, "POST", f"/{method}", body=dict(body))
        try:
            answer = perform(
                bus.engine, settings_of(bus.services), agency_id, wanted, SIGNING, str(new_id())
            )
        except CallFailed as failed:
            if failed.code == "http_not_allowed":
                raise RemoteRefused("its connector is closed, or not opened for this") from None
            raise RemoteUnavailable("it does not answer as it should, or not in time") from None
        if answer.status == HTTPStatus.NO_CONTENT:
            return {}  # a method that has nothing to tell, such as credentials/sendOTP
        if answer.status >= 500 or not isinstance(answer.body, Mapping):
            raise RemoteUnavailable(f"it answers {answer.status}")
        if answer.status >= 400 and "error" not in answer.body:
            raise RemoteRefused(f"it answers {answer.status}")
        return answer.body
