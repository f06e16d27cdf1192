"""The OpenAPI 3.1 document: what calls declare, completed by what holds for every call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from flask import Blueprint, Flask, Response, render_template

from api.problems import MEDIA_TYPE
from api.rest.answers import OpenIncident, Outcome, Problem, ProblemPlace
from api.rest.frame import Call
from engine import jsonio
from office.chains import shape

blueprint = Blueprint(
    "openapi", __name__, url_prefix="/api/v1", template_folder="templates", static_folder=None
)

REF = "#/components/schemas/{name}"
DESCRIPTION = (
    "Saraban's REST interface. Times are RFC 3339 in UTC, ids are text, numbers are exact decimals."
    " Errors are problem+json with a stable `code`."
)

#: Bodies and answers that carry the cards of a chain, and their property that does.
_CARDS = (("Cards", "content"), ("ApprovalChain", "content"))

#: Headers: one that is always there, and one that some answers of a call have.
_SAID = {"schema": {"type": "string"}}
_MAYBE = {"required": False, **_SAID}

#: What lists of answers hold that their types call mere mappings.
_ITEMS = {
    ("Problem", "errors"): ProblemPlace,
    ("TaskRow", "outcomes"): Outcome,
    ("Task", "outcomes"): Outcome,
    ("Instance", "incidents"): OpenIncident,
}

#: What flask-smorest brings along for manners that are not ours.
_UNUSED = frozenset({"Error", "PaginationMetadata"})

Operation = dict[str, Any]


def document(app: Flask) -> dict[str, Any]:
    """The document of this application, made once and kept."""
    kept: dict[str, Any] | None = app.extensions.get("saraban.openapi")
    if kept is None:
        kept = app.extensions["saraban.openapi"] = _make(app)
    return kept


def _make(app: Flask) -> dict[str, Any]:
    spec: dict[str, Any] = app.extensions["saraban.rest"].spec.to_dict()
    calls = {(_openapi_path(rule), method): call for rule, method, call in _calls(app)}
    schemas = _answer_schemas(list(calls.values()))
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            if (path, method) in calls:
                _complete(operation, method, path, calls[path, method], schemas)
    components = spec.setdefault("components", {})
    bodies = {k: v for k, v in components.get("schemas", {}).items() if k not in _UNUSED}
    components["schemas"] = _with_cards({**bodies, **schemas["components"]})
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-saraban"},
    }
    components.pop("responses", None)
    return spec


def _with_cards(schemas: dict[str, Any]) -> dict[str, Any]:
    made = shape.schemas(lambda name: REF.format(name=name))
    for name, part in _CARDS:
        schemas[name]["properties"][part] = {"$ref": REF.format(name="Chain")}
    return {**schemas, **made}


def _calls(app: Flask) -> Iterator[tuple[str, str, Call]]:
    for rule in app.url_map.iter_rules():
        call = getattr(app.view_functions[rule.endpoint], "call", None)
        if isinstance(call, Call):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield rule.rule, method.lower(), call


def _openapi_path(rule: str) -> str:
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)


def _answer_schemas(calls: list[Call]) -> dict[str, Any]:
    """JSON schemas of all answers, from their types: {"by_type": …, "components": …}."""
    types = [Problem, *_ITEMS.values()]
    for call in calls:
        types += [kind for kind in (call.gives, *call.also.values()) if kind is not None]
    unique = list(dict.fromkeys(types))
    made, components = msgspec.json.schema_components(unique, ref_template=REF)
    for (name, part), kind in _ITEMS.items():
        components[name]["properties"][part]["items"] = {"$ref": REF.format(name=kind.__name__)}
    _close(components)
    return {"by_type": dict(zip(unique, made, strict=True)), "components": components}


def _close(found: Any) -> None:
    """An object has what is declared and no more; where that is anything, this is said."""
    if isinstance(found, list):
        for one in found:
            _close(one)
    if not isinstance(found, dict):
        return
    if found.get("type") == "object":
        found.setdefault("additionalProperties", "properties" not in found)
    for one in found.values():
        _close(one)


def _complete(
    operation: Operation, method: str, path: str, call: Call, schemas: Mapping[str, Any]
) -> None:
    operation["operationId"] = _operation_id(method, path)
    parameters = operation.setdefault("parameters", [])
    if call.changes(method):
        parameters.append(_header("Idempotency-Key", "Repeats with the same key answer alike."))
    if call.guarded:
        parameters.append(_header("If-Match", "The ETag that was read.", required=True))
    if call.tagged:
        parameters.append(_header("If-None-Match", "Answer 304 when this is still the ETag."))
    if call.body_media is not None:
        operation["requestBody"] = _file_body(call)
    operation["responses"] = {
        **{str(status): good for status, good in _good(call, schemas)},
        **{
            str(status): _problem(status, schemas) for status in _bad(operation, method, path, call)
        },
    }
    operation["security"] = [] if call.public else [{"token": []}, {"session": []}]
    if not call.public:
        operation["x-scope"] = call.scope


def _operation_id(method: str, path: str) -> str:
    words = re.findall(r"[A-Za-z]+", path.removeprefix("/api/v1"))
    return "_".join([method, *words]).replace("-", "_")


def _header(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "in": "header", "name": name, "description": description, "required": required,
        "schema": {"type": "string", "maxLength": 200},
    }  # fmt: skip


def _file_body(call: Call) -> dict[str, Any]:
    """A multipart body: the file field's name is the call's, other fields are text."""
    file = {"type": "string", "format": "binary"}
    shape = {"type": "array", "items": file, "minItems": 1} if call.files == "files" else file
    properties: dict[str, Any] = {call.files: shape}
    properties |= {name: {"type": "string"} for name in call.texts}
    form = {
        "type": "object", "properties": properties, "required": [call.files],
        "additionalProperties": False,
    }  # fmt: skip
    content: dict[str, Any] = {"multipart/form-data": {"schema": form}}
    if call.body_media != "multipart/form-data":
        content[str(call.body_media)] = {"schema": file}
    return {"required": True, "content": content}


def _good(call: Call, schemas: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    for status, gives in ((call.status, call.gives), *call.also.items()):
        answer: dict[str, Any] = {
            "description": HTTPStatus(status).phrase,
            "headers": {"X-Request-Id": _SAID},
        }
        if gives is not None:
            answer["content"] = {call.media: {"schema": schemas["by_type"][gives]}}
        elif status != HTTPStatus.NO_CONTENT:
            answer["content"] = {call.media: {"schema": {"type": "string", "format": "binary"}}}
            answer["headers"] |= {"Content-Disposition": _MAYBE, "ETag": _MAYBE}
        if call.tagged:
            answer["headers"]["ETag"] = _SAID
        yield status, answer
    if call.tagged:
        yield (
            HTTPStatus.NOT_MODIFIED,
            {"description": "Not Modified", "headers": {"X-Request-Id": _SAID, "ETag": _SAID}},
        )


def _bad(operation: Operation, method: str, path: str, call: Call) -> list[int]:
    """Which refusals this call can answer with."""
    statuses = {400, 503}
    if not call.public:
        statuses |= {401, 403}
    if "{" in path:
        statuses.add(404)
    if "requestBody" in operation:
        statuses |= {404, 413, 415, 422}  # a body may name what does not exist
    if any(parameter["in"] == "query" for parameter in operation["parameters"]):
        statuses |= {404, 422}  # a filter may name what does not exist
    if call.unready:
        statuses.add(422)
    if call.changes(method):
        statuses |= {404, 409, 413, 422}
    if call.guarded:
        statuses |= {412, 428}
    if call.limited:
        statuses.add(429)
    return sorted(statuses)


def _problem(status: int, schemas: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "headers": {"X-Request-Id": _SAID},
        "content": {MEDIA_TYPE: {"schema": schemas["by_type"][Problem]}},
    }
    if status == HTTPStatus.UNAUTHORIZED:
        answer["headers"]["WWW-Authenticate"] = _SAID
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        answer["headers"]["Retry-After"] = {"schema": {"type": "integer"}}
    return answer


@blueprint.get("/openapi.json")
def openapi_json() -> Response:
    from flask import current_app

    return Response(jsonio.dumps(document(current_app)), content_type="application/json")


@blueprint.get("/docs")
def docs() -> str:
    """The document as one page that needs nothing from elsewhere, not even a script."""
    from flask import current_app

    spec = document(current_app)
    rooms: dict[str, list[Operation]] = {}
    for operation in _operations(spec):
        rooms.setdefault(operation["tags"][0], []).append(operation)
    return render_template(
        "rest_docs.html", spec=spec, rooms=rooms, schemas=spec["components"]["schemas"], ref=_name
    )


def _operations(spec: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation with its method, its path and all its parameters."""
    for path, operations in spec["paths"].items():
        shared = operations.get("parameters", [])
        for method, operation in operations.items():
            if method != "parameters":
                parameters = [*shared, *operation["parameters"]]
                yield {
                    **operation,
                    "method": method.upper(),
                    "path": path,
                    "parameters": parameters,
                }


@blueprint.get("/docs.css")
def stylesheet() -> Response:
    style = Path(__file__).with_name("templates") / "rest_docs.css"
    return Response(style.read_bytes(), content_type="text/css; charset=utf-8")


def _name(schema: Mapping[str, Any]) -> str:
    """What a schema is called on the page: its reference, or its type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "items" in schema:
        return f"list of {_name(schema['items'])}"
    for word in ("anyOf", "allOf", "oneOf"):
        if word in schema:
            return " or ".join(_name(inner) for inner in schema[word])
    kind = schema.get("type", "any")
    return " or ".join(kind) if isinstance(kind, list) else str(schema.get("format") or kind)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
