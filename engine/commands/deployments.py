"""Deploying diagrams, decisions and forms together as immutable versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bus import Answer, Context, Handler


@dataclass(frozen=True, slots=True)
class Deploy:
    """Files by name. Answer: {id, definitions: [{id, key, version, name}]}.

    DeploymentRefused when one file has an error: then nothing is deployed. Files equal to the
    newest deployment of their processes answer that one again.
    """

    files: Mapping[str, bytes]
    name: str = ""


def deploy(command: Deploy, ctx: Context) -> Answer:
    raise NotImplementedError


HANDLERS: dict[type, Handler] = {Deploy: deploy}
