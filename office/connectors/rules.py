"""What a connector may be, and which call of it is allowed: pure, for pages, linter and worker."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: Stands among the processes of a connector to a remote signing service (CSC API): officials sign
#: by it. No process can have this key, for no id of BPMN has a colon.
SIGNING = "signing:csc"
#: how a connector proves who calls -> (Thai, English)
AUTHS: Mapping[str, tuple[str, str]] = {
    "none": ("ไม่ต้อง", "None"),
    "bearer": ("โทเค็น (Bearer)", "Token (Bearer)"),
    "basic": ("ชื่อผู้ใช้และรหัสผ่าน (Basic)", "User and password (Basic)"),
    "header": ("คีย์ในส่วนหัว", "Key in a header"),
}
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
MOST_TIMEOUT, MOST_BYTES, MOST_ATTEMPTS = 60, 5 << 20, 8
MOST_LISTED, LONGEST_VALUE, LONGEST_PATH = 50, 500, 2_000
#: how much a call may send
MOST_SENT = 1 << 20
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}")
_SEGMENT = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@-]+")
_PLACE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]{0,59})\}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?|\[[0-9a-f:.]+\]")
#: a header's value: visible ASCII and spaces between
_VALUE = re.compile(r"[!-~]([ -~]{0,3998}[!-~])?")
#: headers that the call itself writes, or that would change what it is
RESERVED_HEADERS = frozenset(
    {
        "host", "content-length", "content-type", "transfer-encoding", "connection", "te",
        "trailer", "upgrade", "expect", "authorization", "cookie", "idempotency-key",
        "accept-encoding", "keep-alive", "proxy-authorization", "proxy-connection",
    }
)  # fmt: skip


class Unfit(ValueError):
    """Expected something that a connector can be, but it is not. `code` says which rule."""

    def __init__(self, field: str, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.field = field
        self.code = code


@dataclass(frozen=True, slots=True)
class Connector:
    """One connector as it is kept. The secret is not here."""

    id: UUID
    name: str
    title: str
    base_url: str
    methods: Sequence[str]
    #: `/rates/{code}`: a name in braces stands for one segment
    paths: Sequence[str]
    headers: Mapping[str, str]
    auth: str
    #: the user of basic, the header's name of header
    auth_name: str
    has_secret: bool
    timeout: int
    max_bytes: int
    attempts: int
    #: keys of the processes that may use it
    processes: Sequence[str]
    active: bool
    version: int


def check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise Unfit("name", "Expected small Latin letters, digits, dots and hyphens.", "bad_code")


def check_base(url: str, *, plain: bool) -> str:
    """The address without a slash at its end. `plain`: http to this machine itself may pass."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise Unfit("base_url", "Expected an address such as https://api.example.go.th.") from None
    host = (parts.netloc.rpartition("@")[2].removesuffix(f":{port}")).lower()
    if parts.scheme == "http" and not (plain and host in ("localhost", "127.0.0.1", "[::1]")):
        raise Unfit("base_url", "Expected an address that begins with https://.", "not_https")
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise Unfit("base_url", "Expected an address such as https://api.example.go.th.")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise Unfit("base_url", "Expected an address without ? and #.")
    path = parts.path.rstrip("/")
    if path:
        _check_segments("base_url", path, places=False)
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    return origin + path


def origin(url: str) -> str:
    """Whom an address speaks to: a secret given for one origin never goes to another."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def check_methods(methods: Sequence[str]) -> list[str]:
    given = {method.strip().upper() for method in methods}
    if not given or given - set(METHODS):
        raise Unfit("methods", f"Expected some of {', '.join(METHODS)}.", "required")
    return [method for method in METHODS if method in given]


def check_paths(paths: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(path.strip() for path in paths if path.strip()))
    if not found:
        raise Unfit("paths", "Expected at least one path that may be called.", "required")
    if len(found) > MOST_LISTED:
        raise Unfit("paths", f"Expected at most {MOST_LISTED} paths.")
    for path in found:
        _check_segments("paths", path, places=True)
        places = _PLACE.findall(path)
        if len(places) != len(set(places)):
            raise Unfit("paths", f"Expected each name once in {path!r:.80}.")
    return found


def _check_segments(field: str, path: str, *, places: bool) -> None:
    first, *segments = path.split("/")
    good = not first and bool(segments) and len(path) <= LONGEST_VALUE
    for number, segment in enumerate(segments):
        if segment == "" and number == len(segments) - 1 and places:
            continue  # a slash at the end, or the root alone
        named = places and _PLACE.fullmatch(segment)
        good = good and bool(named or _SEGMENT.fullmatch(segment)) and segment not in (".", "..")
    if not good:
        message = f"Expected a path such as /rates/{{code}}, but got {path!r:.80}."
        raise Unfit(field, message, "bad_path")


def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    if len(headers) > MOST_LISTED:
        raise Unfit("headers", f"Expected at most {MOST_LISTED} headers.")
    for name, value in headers.items():
        _check_header("headers", name, value)
    return dict(headers)


def _check_header(field: str, name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name) or name.lower() in RESERVED_HEADERS:
        message = f"Expected a header that is not the call's own, but got {name!r:.80}."
        raise Unfit(field, message, "bad_header")
    if not _VALUE.fullmatch(value):
        raise Unfit(field, "Expected one line of visible ASCII in a header.", "bad_header")


def check_auth(kind: str, name: str, secret: str | None) -> None:
    """`secret` None: it stays as it is."""
    if kind not in AUTHS:
        raise Unfit("auth", f"Expected one of {', '.join(AUTHS)}.")
    if kind == "header":
        _check_header("auth_name", name, "x")
    if kind == "basic" and (not name or ":" in name or not _VALUE.fullmatch(name)):
        raise Unfit("auth_name", "Expected a user's name in ASCII, without a colon.", "required")
    if secret is not None and kind != "none" and not _VALUE.fullmatch(secret):
        raise Unfit("secret", "Expected one line of visible ASCII.", "bad_secret")


def check_number(field: str, number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise Unfit(field, f"Expected a whole number from 1 to {most}.", "out_of_range")
    return number


# -- one call ---------------------------------------------------------------------------------


def refusal(
    known: Connector, process: str | None, method: str, path: str
) -> tuple[str, str, str] | None:
    """Why a process may not make this call, as (input, code, message); None: it may.

    `process` None: an administrator tries it, before it is granted or opened.
    """
    if not known.active and process is not None:
        return "connector", "connector_closed", f"the connector “{known.name}” is closed"
    if process is not None and process not in known.processes:
        return (
            "connector", "connector_not_granted",
            f"the connector “{known.name}” is not granted to the process “{process}”",
        )  # fmt: skip
    if method not in known.methods:
        allowed = ", ".join(known.methods)
        return "method", "connector_method", f"“{method}” is not among {allowed}"
    if path not in known.paths:
        return "path", "connector_path", f"“{path}” is not among {', '.join(known.paths)}"
    return None


def places_in(path: str) -> Sequence[str]:
    return _PLACE.findall(path)


def target(path: str, parameters: Mapping[str, Any], query: Mapping[str, Any]) -> str:
    """The path with its values and the query, as it goes out. A value is one segment, whatever
    stands in it: it can neither climb nor end the line. Raises Unfit.
    """
    wanted = set(places_in(path))
    if wanted != set(parameters):
        names = ", ".join(sorted(wanted ^ set(parameters)))
        raise Unfit("parameters", f"Expected a value for each name in {path}, but see {names}.")
    filled = _PLACE.sub(lambda found: _segment(found[1], parameters[found[1]]), path)
    pairs = [pair for name, value in query.items() for pair in _pairs(name, value)]
    line = filled + (f"?{urlencode(pairs)}" if pairs else "")
    if len(line) > LONGEST_PATH:
        raise Unfit("parameters", f"Expected an address of at most {LONGEST_PATH} characters.")
    return line


def _segment(name: str, value: Any) -> str:
    text = _text("parameters", name, value)
    bad = text in ("", ".", "..") or any(c in "/\\" or ord(c) < 32 or ord(c) == 127 for c in text)
    if bad or len(text) > LONGEST_VALUE:
        # never the value: messages are read by people from whom it may be hidden
        raise Unfit("parameters", f"Expected one segment of a path in “{name}”.")
    return quote(text, safe="")


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if value is None:
        return []
    values = value if isinstance(value, list | tuple) else [value]
    return [(name, _text("query", name, one)) for one in values]


def _text(field: str, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str | int):
        return str(value)
    raise Unfit(field, f"Expected text or a number in “{name}”, but got {type(value).__name__}.")
