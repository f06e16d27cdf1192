"""Judges an answer by the OpenAPI document: its status is declared, its body has the shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs
from werkzeug.test import TestResponse

from engine import jsonio

#: What an answer says in headers beyond what every answer of the house, and of HTTP, carries.
OURS = frozenset(
    {"etag", "location", "retry-after", "www-authenticate", "content-disposition", "link", "allow",
     "deprecation", "x-request-id"}
)  # fmt: skip


class Judge:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._routes = [
            (re.compile(re.sub(r"\{[^/]+\}", "[^/]+", path)), path) for path in document["paths"]
        ]
        self._validator = cache(self._make_validator)

    def operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        """The declared operation behind a request, fixed paths before templates."""
        fitting = [template for pattern, template in self._routes if pattern.fullmatch(path)]
        for template in sorted(fitting, key=lambda one: one.count("{")):
            found = self.document["paths"][template].get(method.lower())
            if found is not None:
                return found  # type: ignore[no-any-return] # JSON
        return None

    def check(self, method: str, path: str, response: TestResponse) -> None:
        operation = self.operation(method, path.partition("?")[0])
        if operation is None:
            assert response.status_code in {404, 405}, (method, path, response.status_code)
            return
        declared = operation["responses"]
        status = str(response.status_code)
        assert status in declared, f"{method} {path} answers {status}: {response.text[:500]}"
        self._check_headers(f"{method} {path} {status}", declared[status], response)
        content = declared[status].get("content", {})
        if response.status_code == 304 or not content:
            return
        assert response.mimetype in content, f"{method} {path} answers {response.mimetype}"
        if response.mimetype.endswith("json"):
            body = _without_decimals(jsonio.loads(response.data))
            self._validator(str(content[response.mimetype]["schema"])).validate(body)

    def _check_headers(
        self, where: str, declared: Mapping[str, Any], response: TestResponse
    ) -> None:
        """What is declared is sent, unless it need not be; what is ours and sent is declared."""
        headers = declared.get("headers", {})
        for name, header in headers.items():
            assert not header.get("required", True) or name in response.headers, f"{where}: {name}"
        sent = {name.lower() for name, _ in response.headers.items()}
        undeclared = sent & OURS - {name.lower() for name in headers}
        assert not undeclared, f"{where} sends {undeclared}, which is not declared"

    def _make_validator(self, schema_text: str) -> Any:
        schema = {**_literal(schema_text), "components": self.document["components"]}
        return jsonschema_rs.validator_for(schema)


def _literal(text: str) -> dict[str, Any]:
    import ast

    return dict(ast.literal_eval(text))


def _without_decimals(value: Any) -> Any:
    """The validator knows no Decimal; for its questions a float serves."""
    if isinstance(value, dict):
        return {key: _without_decimals(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_decimals(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | bool) else float(value)
