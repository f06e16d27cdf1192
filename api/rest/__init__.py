"""REST under /api/v1: a file for each resource, one frame around all, one OpenAPI document."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api  # type: ignore[import-untyped] # ships no types

from api.rest import (
    admin_history,
    agencies,
    agency,
    agency_seal,
    api_tokens,
    archived_instances,
    calendars,
    chains,
    clearances,
    committees,
    conditions,
    connectors,
    copies,
    decisions,
    definitions,
    delegations,
    deployments,
    document_templates,
    documents,
    expressions,
    files,
    incidents,
    instances,
    jobs,
    leaves,
    letterheads,
    messages,
    migrations,
    model_drafts,
    model_files,
    model_play,
    model_templates,
    model_tests,
    openapi,
    org_units,
    people,
    permissions,
    person_keys,
    positions,
    registers,
    remarks,
    roles,
    second_factors,
    secret_letters,
    sign_in_providers,
    signing_keys,
    tasks,
    timers,
    transfers,
    trust_anchors,
    unit_load,
    verifications,
)

RESOURCES = (
    deployments.resource,
    definitions.resource,
    model_drafts.resource,
    model_files.resource,
    model_tests.resource,
    model_play.resource,
    chains.resource,
    model_templates.resource,
    instances.resource,
    migrations.resource,
    archived_instances.resource,
    tasks.resource,
    unit_load.resource,
    messages.resource,
    conditions.resource,
    incidents.resource,
    jobs.resource,
    timers.resource,
    expressions.resource,
    decisions.resource,
    files.resource,
    documents.resource,
    remarks.resource,
    document_templates.resource,
    registers.resource,
    agencies.resource,
    agency.resource,
    people.resource,
    person_keys.resource,
    org_units.resource,
    positions.resource,
    committees.resource,
    roles.resource,
    clearances.resource,
    secret_letters.resource,
    transfers.resource,
    permissions.resource,
    admin_history.resource,
    delegations.resource,
    leaves.resource,
    calendars.resource,
    trust_anchors.resource,
    agency_seal.resource,
    signing_keys.resource,
    letterheads.resource,
    sign_in_providers.resource,
    connectors.resource,
    copies.resource,
    second_factors.resource,
    api_tokens.resource,
    verifications.resource,
)


class _Api(Api):  # type: ignore[misc] # flask_smorest ships no types
    def _register_error_handlers(self) -> None:
        """None: `api.problems` is the one table."""


def init_app(app: Flask) -> None:
    app.config.update(API_TITLE="Saraban", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    made = app.extensions["saraban.rest"] = _Api(
        spec_kwargs={"info": {"description": openapi.DESCRIPTION}}
    )
    made.init_app(app)
    for resource in RESOURCES:
        made.register_blueprint(resource)
    openapi.init_app(app)
