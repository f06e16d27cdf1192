"""A bundle: the files of one deployment, read, checked and woven into specs that instances share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.errors import Problem
from engine.ports import Action, Forms
from engine.runtime.values import OutcomeSpec

#: Evaluates a decision: (reference, variables, now) -> value. Raises FeelError where it cannot.
Decide = Callable[[str, Mapping[str, Any], datetime], Any]


@dataclass(frozen=True, slots=True)
class UserTaskInfo:
    """What is known of a person's task before any instance runs."""

    element_id: str
    name: str
    lane: str | None
    form: str | None
    outcomes: Sequence[OutcomeSpec]
    returns: Sequence[str]
    act: str | None


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    id: str
    name: str
    executable: bool
    file: str
    start_form: str | None = None
    #: code of the role that may start it; None: everyone
    start_role: str | None = None
    #: the text of `saraban:title`
    title: str | None = None
    user_tasks: Sequence[UserTaskInfo] = ()
    #: names of messages whose arrival starts the process
    start_messages: Sequence[str] = ()
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """`sha256` covers the files and the bundles that call activities are pinned to (`pins`)."""

    sha256: str
    files: Mapping[str, bytes]
    processes: Mapping[str, ProcessInfo]
    #: process id of another deployment -> sha256 of the bundle that its calls are pinned to
    pins: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[Problem] = ()


def compile_bundle(
    files: Mapping[str, bytes],
    *,
    actions: Mapping[str, Action],
    forms: Forms,
    processes: Callable[[str], Bundle | None] = lambda _: None,
    decisions: Decide | None = None,
) -> Bundle:
    """Read, check and weave. Raises DeploymentRefused with every located problem.

    `processes` answers which bundle a called process of another deployment is pinned to; when a
    stored bundle is compiled again, it answers from the stored `pins`. `decisions` evaluates
    business rule tasks; by default the bundle's own .dmn files do.
    """
    raise NotImplementedError


def check(
    files: Mapping[str, bytes],
    *,
    actions: Mapping[str, Action],
    forms: Forms,
    processes: Callable[[str], Bundle | None] = lambda _: None,
) -> list[Problem]:
    """Every located finding, errors and warnings, without weaving."""
    raise NotImplementedError


def bundle_cache(sha256: str, loader: Callable[[], Bundle]) -> Bundle:
    """The bundle with this hash, compiled at most once in a process (least recently used go)."""
    raise NotImplementedError
