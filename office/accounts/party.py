"""Which site passkeys are for: the host in the address of the pages, or localhost."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

#: the one name for which browsers let passkeys be used without TLS
LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class Party:
    """The relying party of WebAuthn: `id` is its host, `origin` where its pages must stand."""

    id: str
    origin: str


def party_of(public_url: str, asked: str) -> Party | None:
    """The party for a request to `asked` (scheme, host and port); None: no passkeys here.

    It is the public address, whatever a request says of its host; but where that is this very
    machine (developing), pages opened as localhost count. Browsers know no passkeys for bare IP
    addresses, nor without TLS elsewhere.
    """
    public, here = urlsplit(public_url), urlsplit(asked)
    host = public.hostname or ""
    if _is_local(host):
        local = here.hostname == LOCAL and here.scheme in {"http", "https"}
        return Party(LOCAL, f"{here.scheme}://{here.netloc}") if local else None
    if public.scheme != "https" or not host or _is_address(host):
        return None
    port = f":{public.port}" if public.port not in (None, 443) else ""
    return Party(host, f"https://{host}{port}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(host: str) -> bool:
    return host == LOCAL or (_is_address(host) and ip_address(host).is_loopback)
