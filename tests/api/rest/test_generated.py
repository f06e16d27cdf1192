"""Requests that a generator makes up from the document: no answer outside it, no bug behind it."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi import checks as rules
from support.nights import by_night

EXAMPLES = by_night(12, 60)
CHECKS = [
    schemathesis.checks.not_a_server_error,
    rules.status_code_conformance,
    rules.content_type_conformance,
    rules.response_headers_conformance,
    rules.response_schema_conformance,
]


SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(3_000)
def test_every_answer_is_one_that_the_document_has(sqlite_world: Any) -> None:
    app = sqlite_world.client.application
    headers = {"Authorization": f"Bearer {sqlite_world.token('admin')}"}
    for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():

        @SETTINGS
        @given(case=found.ok().as_strategy())
        def judge(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        judge()
