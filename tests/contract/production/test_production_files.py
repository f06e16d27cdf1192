"""The production samples: units are hardened and verified, the image is locked, names are real."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.cli import ROOMS
from api.settings import Settings

ROOT = Path(__file__).parents[3]
COMMANDS = {name for names in ROOMS.values() for name in names}
PRODUCTION = ROOT / "examples" / "production"
SERVICES = sorted((PRODUCTION / "systemd").glob("*.service"))
CONTAINERFILE = (PRODUCTION / "Containerfile").read_text(encoding="utf-8")
HARDENING = (
    "NoNewPrivileges=yes",
    "PrivateTmp=yes",
    "ProtectSystem=strict",
    "CapabilityBoundingSet=",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    "SystemCallFilter=@system-service",
    "MemoryMax=2G",
    "User=saraban",
    "LoadCredential=secret:/etc/saraban/secret",
)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_unit_is_hardened(unit: Path) -> None:
    lines = unit.read_text(encoding="utf-8").splitlines()
    assert [line for line in HARDENING if line not in lines] == []
    assert ("Restart=always" in lines) != ("Type=oneshot" in lines)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_unit_starts_a_command_that_exists(unit: Path) -> None:
    found = re.search(r"^ExecStart=/opt/saraban/bin/saraban (\S+)$", unit.read_text(), re.M)
    assert found is not None
    assert found[1] in COMMANDS


def test_the_units_wait_longer_than_the_web_process_drains() -> None:
    drain = re.search(r'"graceful_timeout": (\d+)', (ROOT / "api" / "server.py").read_text())
    assert drain is not None
    for unit in SERVICES:
        stop = re.search(r"^TimeoutStopSec=(\d+)$", unit.read_text(), re.M)
        assert stop is not None
        assert int(stop[1]) > int(drain[1])


def test_every_variable_is_a_setting() -> None:
    known = {f"SARABAN_{field.name.upper()}" for field in fields(Settings)}
    for file in PRODUCTION.rglob("*"):
        if file.is_file():
            named = set(re.findall(r"SARABAN_[A-Z_]+", file.read_text(encoding="utf-8")))
            assert {name.removesuffix("_FILE") for name in named} <= known, file


def test_the_environment_sample_reads_as_settings_and_holds_no_secret(tmp_path: Path) -> None:
    lines = (PRODUCTION / "saraban.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert not given.keys() & {"SARABAN_SECRET", "SARABAN_DATABASE_URL", "SARABAN_SMTP_URL"}
    settings = Settings.from_env({**given, "SARABAN_HOME": str(tmp_path)})
    assert settings.behind_proxy
    assert not settings.demo


def test_the_image_is_locked_and_runs_as_nobody_special() -> None:
    installs = re.findall(r"pip install [^\n]*", CONTAINERFILE)
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    assert re.findall(r"^USER (\S+)$", CONTAINERFILE, re.M) == ["10001"]
    assert "/healthz" in CONTAINERFILE
    assert not re.search(r"^ADD |index-url", CONTAINERFILE, re.M)


def test_everything_the_image_copies_exists() -> None:
    copies = re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.M)
    sources = [name for line in copies for name in line.split()[:-1]]
    assert sources
    assert [name for name in sources if not (ROOT / name).exists()] == []


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for file in (PRODUCTION / "systemd").iterdir():
        text = file.read_text(encoding="utf-8")
        # The program isn't installed where the tests run; systemd wants one that is there.
        (tmp_path / file.name).write_text(text.replace("/opt/saraban/bin/saraban", "/bin/true"))
    names = sorted(str(file) for file in tmp_path.iterdir())
    done = subprocess.run(
        ["/usr/bin/systemd-analyze", "verify", "--man=no", *names],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "saraban" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    return dict(yaml.safe_load((PRODUCTION / "compose.yaml").read_text(encoding="utf-8")))


def _ours(composed: dict[str, Any]) -> dict[str, Any]:
    return {n: one for n, one in composed["services"].items() if one["image"] == "saraban"}


def test_every_container_of_ours_starts_a_command_that_exists(composed: dict[str, Any]) -> None:
    commands = {name: one["command"] for name, one in _ours(composed).items()}
    assert commands.keys() == {"migrate", "web", "worker", "clock"}
    assert [words for words in commands.values() if words[0] not in COMMANDS] == []


def test_every_container_of_ours_is_hardened_and_finds_its_secrets(
    composed: dict[str, Any],
) -> None:
    for name, one in _ours(composed).items():
        assert one["read_only"], name
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        given = [value for key, value in one["environment"].items() if key.endswith("_FILE")]
        assert sorted(given) == sorted(f"/run/secrets/{secret}" for secret in one["secrets"])
    used = {secret for one in composed["services"].values() for secret in one.get("secrets", ())}
    assert used == composed["secrets"].keys()


def test_only_the_proxy_is_reached_from_outside(composed: dict[str, Any]) -> None:
    services = composed["services"]
    assert [name for name, one in services.items() if "ports" in one] == ["web"]
    assert services["web"]["environment"]["SARABAN_BIND"] == "127.0.0.1"
    assert services["proxy"]["network_mode"] == "service:web"
    assert (PRODUCTION / "nginx" / "one-server").read_text("utf-8") == "server 127.0.0.1:8000;\n"


def test_everything_the_containers_mount_is_ours_or_the_sites(composed: dict[str, Any]) -> None:
    mounts = [m for one in composed["services"].values() for m in one.get("volumes", ())]
    places = [mount.split(":")[0] for mount in mounts]
    assert places
    for place in places:
        if place.startswith("./") and not place.startswith("./site/"):
            assert (PRODUCTION / place).exists(), place
        elif not place.startswith("./"):
            assert place in composed["volumes"]
    assert all(":" in one["image"] for one in composed["services"].values() if "build" not in one
               and one["image"] != "saraban")  # fmt: skip
