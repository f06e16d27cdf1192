"""Settings: environment variables, read once, checked once; the README's table comes from here."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from office.accounts.secrets import Secret

#: These three also count without the prefix: hosting platforms set them so.
BARE = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL")
PREFIX = "SARABAN_"
MEGABYTE = 1024 * 1024


class BadSettings(Exception):
    """Expected settings that hold together, but they do not; the text names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One attribute a variable: `home` is SARABAN_HOME. Its comment is its documentation."""

    #: the data folder: database, files, keys, journal, logs
    home: Path
    #: `sqlite:///…` or `postgresql://…`; empty: `saraban.db` in the data folder
    database_url: str = ""
    #: Redis or Valkey; empty: `saraban serve` starts one of its own
    redis_url: str = ""
    #: where files are kept: `file:///…`; empty: `files` in the data folder
    storage_url: str = ""
    #: address to listen on; a TLS proxy stands before it in production
    bind: str = "127.0.0.1"
    #: port to listen on; PORT counts too
    port: int = 8000
    #: web processes that `saraban web` runs
    web_processes: int = 2
    #: threads in each of them
    web_threads: int = 8
    #: seconds that a request waits for a thread or a connection before it is answered 503
    web_patience: int = 3
    #: job workers that `saraban serve` starts
    workers: int = 1
    #: key for signed tokens and stored second factors; or SARABAN_SECRET_FILE
    secret: str = ""
    #: the secret before it, while it is being changed: `saraban reseal`
    secret_before: str = ""
    #: address of the pages as people see it, for links in mail, and the host that passkeys are for;
    #: empty: http://bind:port
    public_url: str = ""
    #: true when a TLS proxy sets X-Forwarded-For and X-Forwarded-Proto
    behind_proxy: bool = False
    #: RFC 3161 timestamp authority; empty: `saraban serve` runs the demo's own
    tsa_url: str = ""
    #: networks inside the house that connectors may call: `10.20.0.0/16`; empty: none
    connector_networks: str = ""
    #: certificates (PEM files) that signatures are trusted by; empty: the development authority's
    trust_anchors: str = ""
    #: hosts that may be asked whether certificates are revoked: `crl.a.go.th,ocsp.b.go.th:8080`
    status_hosts: str = ""
    #: sign-in providers that may have addresses of a private network: `idp.a.go.th,127.0.0.1:8080`
    oidc_private_hosts: str = ""
    #: library (.so) of a hardware token's maker (PKCS#11); empty: keys are kept in the database
    pkcs11_module: str = ""
    #: `smtp://host:port` or `smtps://user:password@host:port`; empty: mail is kept in `outbox/`
    smtp_url: str = ""
    #: sender of mail
    mail_from: str = "saraban@localhost"
    #: agency's own TH Sarabun as TTF files (regular[,bold]); empty: the derived default
    fonts: str = ""
    #: megabytes of enclosed files that travel inside a signed letter, at most 20; others are named
    #: in it by their SHA-256; 0: none travels inside
    enclosed_mb: int = 20
    #: demo mode: the demo agency's passwords and PINs are accepted
    demo: bool = False
    #: debug, info, warning or error
    log_level: str = "info"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; BadSettings names the variable that is wrong."""
        found = os.environ if environ is None else environ
        given: dict[str, Any] = {"home": Path(found.get("SARABAN_HOME") or "var").absolute()}
        for field in fields(cls):
            text = _lookup(found, field.name.upper())
            if field.name != "home" and text is not None:
                given[field.name] = _convert(field.name, text, type(field.default))
        if "port" not in given and found.get("PORT"):
            given["port"] = _convert("port", found["PORT"], int)
        return cls(**given).resolved()

    def resolved(self) -> Settings:
        """The same with every empty address filled in from the data folder."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["database_url"] = self.database_url or f"sqlite:///{self.home / 'saraban.db'}"
        values["storage_url"] = self.storage_url or f"file://{self.home / 'files'}"
        values["public_url"] = (self.public_url or f"http://{self.bind}:{self.port}").rstrip("/")
        values["secret"] = self.secret or _kept_secret(self.home)
        return Settings(**values)

    @property
    def installation_secret(self) -> Secret:
        """What everything that is sealed or signed in this house is derived from."""
        return Secret(self.secret.encode(), self.secret_before.encode())

    @property
    def most_enclosed(self) -> int:
        """In bytes."""
        return self.enclosed_mb * MEGABYTE

    @property
    def authority(self) -> Path:
        """Folder of the development certificate authority."""
        return self.home / "authority"

    @property
    def font_cache(self) -> Path:
        return self.home / "fonts"

    @property
    def journal(self) -> Path:
        """Append-only journal of issued numbers, outside the database."""
        return self.home / "journal" / "numbers.log"


def _lookup(environ: Mapping[str, str], name: str) -> str | None:
    """The variable's text, or its file's (`…_FILE`), prefixed first."""
    names = [PREFIX + name, *([name] if name in BARE else [])]
    for candidate in names:
        if environ.get(candidate):
            return environ[candidate]
        if environ.get(f"{candidate}_FILE"):
            return Path(environ[f"{candidate}_FILE"]).read_text(encoding="utf-8").strip()
    return None


def _convert(name: str, text: str, kind: type) -> Any:
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off"}:
            return False
        raise BadSettings(
            f"Expected {PREFIX}{name.upper()} to be true or false, but it is {text!r}."
        )
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise BadSettings(
                f"Expected {PREFIX}{name.upper()} to be a whole number, but it is {text!r}."
            ) from None
    return text


def _kept_secret(home: Path) -> str:
    """The secret in the data folder, made on first use, readable by its owner alone."""
    file = home / "secret"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text(encoding="utf-8")
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="utf-8")
