"""The plain values that the demo's organizations are written down in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    kind: str
    name: str
    name_en: str
    parent: str | None = None
    number_code: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    code: str
    name: str
    name_en: str
    unit: str
    level: str
    superior: str | None = None


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody with their posts, the primary one first. A PIN makes them a signer."""

    username: str
    title: str
    given_name: str
    family_name: str
    name_en: str
    posts: Sequence[str]
    roles: Sequence[str] = ()
    #: cleared for secrets up to this degree; 1: for none
    clearance: int = 1
    pin: str | None = None
    #: what they are in the story, for the table of sign-ins; empty: their post says it
    part: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """An instrument that stands: until further notice, or with the leave of the holder."""

    mode: str
    username: str
    position: str
    order_ref: str
    dated: str
    kinds: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Organization:
    code: str
    name: str
    name_en: str
    mail_domain: str
    units: Sequence[Unit]
    posts: Sequence[Post]
    officials: Sequence[Official]
    orders: Sequence[Order] = field(default_factory=tuple)
    #: who is on leave now, and who has full powers meanwhile
    absent: str | None = None
    stands_in: str | None = None
