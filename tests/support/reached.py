"""A remote signing service as an agency's connector reaches it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import UUID

from support.csc_service import Service

from signing.errors import RemoteUnavailable
from signing.remote import Call


@dataclass
class Reached:
    service: Service

    def names(self, _agency_id: UUID) -> Sequence[tuple[str, str]]:
        return [("csc", "บริการลงนามทดสอบ")]

    def call(self, _agency_id: UUID, _service: str) -> Call:
        def asked(method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
            headers = {"Authorization": "Bearer bearer", "Content-Type": "application/json"}
            url = f"{self.service.address}/{method}"
            request = Request(url, json.dumps(body).encode(), headers)
            try:
                with urlopen(request, timeout=10) as answer:
                    return dict(json.load(answer))
            except HTTPError as error:
                with error:
                    if error.code == HTTPStatus.SERVICE_UNAVAILABLE:
                        raise RemoteUnavailable("it is away") from error
                    return dict(json.load(error))

        return asked
