"""The OpenAPI document is the URL map, complete and valid, and its page needs nothing else."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from api.app import create_app
from api.bootstrap import build
from api.settings import Settings
from office.chains import samples
from office.chains.model import Chain
from office.chains.stored import dump

#: answered without a proof of who asks, and rationed
FOR_EVERYONE = {"/api/v1/verifications/{code}"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    settings = Settings(home=tmp_path_factory.mktemp("home"), secret="of the tests").resolved()
    made = create_app(build(settings, bell=False))
    made.testing = True
    return made


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    found = app.test_client().get("/api/v1/openapi.json")
    assert found.status_code == 200
    return dict(found.json or {})


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, found in document["paths"].items()
        for method, operation in found.items()
        if method != "parameters"
    ]


def test_it_is_the_url_map(app: Flask, document: dict[str, Any]) -> None:
    own = {"/api/v1/openapi.json", "/api/v1/docs", "/api/v1/docs.css"}
    mapped = {
        (method.lower(), re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule not in own
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(method, path) for method, path, _ in operations(document)} == mapped


def test_it_has_every_call_that_others_rely_on(document: dict[str, Any]) -> None:
    expected = """
    post /deployments
    get /approval-chains
    post /approval-chains
    post /approval-chains/begin
    post /approval-chains/open
    get /approval-chains/{chain_id}
    put /approval-chains/{chain_id}
    delete /approval-chains/{chain_id}
    get /approval-chains/{chain_id}/changes
    get /approval-chains/{chain_id}/history
    get /approval-chains/{chain_id}/xml
    get /approval-chains/{chain_id}/zip
    post /approval-chains/{chain_id}/draw
    post /approval-chains/{chain_id}/publish
    post /approval-chains/{chain_id}/template
    post /approval-chains/{chain_id}/try
    get /model-drafts
    get /model-drafts/{model_draft_id}
    put /model-drafts/{model_draft_id}
    post /model-drafts
    post /model-drafts/import
    post /model-drafts/open
    delete /model-drafts/{model_draft_id}
    get /model-drafts/{model_draft_id}/xml
    get /model-drafts/{model_draft_id}/zip
    get /model-drafts/{model_draft_id}/history
    get /model-drafts/{model_draft_id}/changes
    get /model-drafts/{model_draft_id}/checklist
    post /model-drafts/{model_draft_id}/publish
    put /model-drafts/{model_draft_id}/file
    get /model-drafts/{model_draft_id}/files
    post /model-drafts/{model_draft_id}/files
    post /model-drafts/{model_draft_id}/files/begin
    get /model-drafts/{model_draft_id}/files/{file}
    delete /model-drafts/{model_draft_id}/files/{file}
    get /model-drafts/{model_draft_id}/tests
    put /model-drafts/{model_draft_id}/tests
    post /model-drafts/{model_draft_id}/tests/run
    post /model-drafts/{model_draft_id}/play
    post /model-drafts/{model_draft_id}/play/keep
    post /model-drafts/{model_draft_id}/copy
    post /model-drafts/{model_draft_id}/lint
    get /process-definitions
    get /process-definitions/{definition_id}
    get /process-definitions/{definition_id}/xml
    get /process-definitions/{definition_id}/zip
    get /process-definitions/{definition_id}/pdf
    get /process-definitions/{definition_id}/heat
    get /process-definitions/{definition_id}/heat.csv
    get /process-definitions/{definition_id}/changes
    delete /process-definitions/{definition_id}
    post /process-definitions/{definition_id}/restore
    post /process-definitions/{definition_id}/withdraw
    get /migrations
    post /migrations
    get /migrations/{migration_id}
    get /migrations/{migration_id}/instances
    post /migrations/{migration_id}/carry-out
    post /migrations/{migration_id}/undo
    get /unit-load
    get /unit-load/tasks
    post /unit-load/tasks/{task_id}/reassign
    post /process-instances
    get /process-instances
    get /process-instances/{instance_id}
    post /process-instances/{instance_id}/cancel
    get /process-instances/{instance_id}/history
    get /tasks
    get /tasks/{task_id}
    post /tasks/{task_id}/claim
    post /tasks/{task_id}/unclaim
    post /tasks/{task_id}/complete
    post /tasks/{task_id}/delegate
    post /tasks/{task_id}/reassign
    post /tasks/{task_id}/list
    post /tasks/{task_id}/return
    post /tasks/{task_id}/comments
    post /expressions/evaluate
    post /decisions/evaluate
    post /messages
    get /incidents
    post /incidents/{incident_id}/retry
    get /jobs/dead
    get /jobs/{job_id}
    post /jobs/{job_id}/retry
    post /jobs/{job_id}/skip
    post /documents
    get /documents/{document_id}
    get /documents/{document_id}/pdf
    get /documents/{document_id}/versions
    post /documents/verify
    get /people
    get /org-units
    get /delegations
    get /calendars
    """
    present = {f"{m} {p.removeprefix('/api/v1')}" for m, p, _ in operations(document)}
    assert {line.strip() for line in expected.strip().splitlines()} <= present


def test_it_says_that_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    references = re.findall(r"'\$ref': '([^']+)'", str(document))
    assert references
    for reference in references:
        assert reference.removeprefix("#/components/schemas/") in schemas


def test_every_schema_is_a_json_schema(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(schema), name


def test_the_cards_of_a_chain_have_their_shapes(document: dict[str, Any]) -> None:
    """What the composer writes fits; what it would refuse does not."""
    assert document["components"]["schemas"]["Cards"]["properties"]["content"] == {
        "$ref": "#/components/schemas/Chain"
    }
    root = {"$ref": "#/components/schemas/Chain", "components": document["components"]}
    shape = jsonschema_rs.validator_for(root)
    wait = {"card": "wait", "id": "w", "name": "รอ", "span": {"amount": 1}}
    chain = dump(Chain("leave", "ลา", samples.samples()[0].steps))
    assert shape.is_valid(chain)
    assert shape.is_valid(chain | {"steps": [wait]})
    for wrong in (
        {"more": 1}, {"steps": [wait | {"card": "dance"}]}, {"steps": [wait | {"who": {}}]},
        {"steps": [wait | {"span": {"amount": "1"}}]}, {"steps": [{"card": "wait", "id": "w"}]},
        {"fields": [{"key": "a", "label": "b", "kind": "song"}]},
    ):  # fmt: skip
        assert not shape.is_valid(chain | wrong), wrong


def test_every_object_is_closed_or_says_that_it_is_open(document: dict[str, Any]) -> None:
    open_ones = set()

    def look(found: Any, at: str) -> None:
        if isinstance(found, list):
            for one in found:
                look(one, at)
        if not isinstance(found, dict):
            return
        if found.get("type") == "object":
            assert "additionalProperties" in found, at
            if found.get("properties") and found["additionalProperties"] is not False:
                open_ones.add(at)
        for name, one in found.items():
            look(one, f"{at}/{name}")

    look(document["components"]["schemas"], "")
    look(document["paths"], "")
    # a letter's words: what each kind of letter has beyond the usual is the office's to say
    assert open_ones == {"/Content"}


def test_every_answer_declares_its_headers(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            wanted = {"X-Request-Id"}
            wanted |= {"WWW-Authenticate"} if status == "401" else set()
            wanted |= {"Retry-After"} if status in {"429", "503"} else set()
            assert wanted <= set(answer["headers"]), (method, path, status)


def test_every_operation_is_named_told_and_guarded(document: dict[str, Any]) -> None:
    found = operations(document)
    names = [operation["operationId"] for _, _, operation in found]
    assert len(set(names)) == len(names)
    for method, path, operation in found:
        assert operation.get("summary"), (method, path)
        if path in FOR_EVERYONE:
            assert operation["security"] == []
            assert "429" in operation["responses"], (method, path)
            continue
        assert operation["security"] == [{"token": []}, {"session": []}], (method, path)
        assert operation["x-scope"] in {"read", "write", "deploy", "operate", "sign"}
        assert {"400", "401", "403", "503"} <= set(operation["responses"]), (method, path)


def test_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], (method, path)


def test_every_path_parameter_is_declared(document: dict[str, Any]) -> None:
    for path, found in document["paths"].items():
        declared = {p["name"] for p in found.get("parameters", []) if p["in"] == "path"}
        for operation in (o for m, o in found.items() if m != "parameters"):
            own = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert declared | own == set(re.findall(r"\{(\w+)\}", path)), path


def test_the_page_needs_nothing_from_elsewhere(app: Flask, document: dict[str, Any]) -> None:
    client = app.test_client()
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"#][^"]*)"', page.text)
    assert sorted(addresses) == [
        "/api/v1/docs.css", "/api/v1/openapi.json", "/static/mark.svg",
    ]  # fmt: skip
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    for _, _, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in page.text
    style = client.get("/api/v1/docs.css")
    assert (style.status_code, style.mimetype) == (200, "text/css")
