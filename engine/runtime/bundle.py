"""A bundle: the files of one deployment, read, checked and woven into shared specs."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from engine.errors import DeploymentRefused, Problem
from engine.ports import Action, Forms
from engine.runtime.decisions import Decide
from engine.runtime.diagram import Diagram, Node, Process
from engine.runtime.errors import CorruptState
from engine.runtime.lint import Expected, Judge, lint, never_judged
from engine.runtime.lint.setters import named
from engine.runtime.places.place import Place
from engine.runtime.places.weave import Woven, weave
from engine.runtime.reading_files import Files, Reading, read_files
from engine.runtime.starts import StartEvent, startable, starts_of
from engine.runtime.values import OutcomeSpec

#: The bundle that a process of another deployment is in, by its id.
Processes = Callable[[str], "Bundle | None"]


def no_processes(_: str) -> Bundle | None:
    return None


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
    """A process that can be executed."""

    id: str
    name: str
    file: str
    start_form: str | None = None
    #: code of the role that may start it; None: everyone
    start_role: str | None = None
    #: only another command starts it, or a call: never a person by themselves
    internal: bool = False
    #: the text of `saraban:title`
    title: str | None = None
    user_tasks: Sequence[UserTaskInfo] = ()
    documentation: str = ""
    #: whether a person or a call can start it: it has a plain start event
    startable: bool = True
    #: the events that start it by themselves
    starts: Sequence[StartEvent] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """`sha256` covers the files and the bundles that call activities are pinned to (`pins`)."""

    sha256: str
    files: Mapping[str, bytes]
    processes: Mapping[str, ProcessInfo]
    #: process id of another deployment -> sha256 of the bundle that its calls are pinned to
    pins: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[Problem] = ()
    #: for the runtime alone: the drawings, and the processes with their places, ready to run
    diagrams: Sequence[Diagram] = ()
    woven: Mapping[str, Woven] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    def callers(self, process_id: str) -> Sequence[str]:
        """Processes of these files that call the process."""
        return [
            id_
            for id_, one in self.woven.items()
            if any(call.node.called == process_id for call in one.calls)
        ]


def compile_bundle(
    files: Mapping[str, bytes],
    *,
    actions: Mapping[str, Action],
    forms: Forms,
    processes: Processes = no_processes,
    decisions: Decide | None = None,
    judge: Judge = never_judged,
) -> Bundle:
    """Read, check and weave. Raises DeploymentRefused with every located problem.

    `processes` answers which bundle a called process of another deployment is pinned to; when a
    stored bundle is compiled again, it answers from the stored `pins`. `decisions` evaluates
    business rule tasks; by default the bundle's own .dmn files do.
    """
    reading = read_files(files)
    expected = Expected(actions, forms, processes, decisions is not None, judge)
    problems = lint(reading, expected)
    if any(problem.severity == "error" for problem in problems):
        raise DeploymentRefused(problems)
    pinned = _pinned(reading, processes)
    sha256 = bundle_hash(files, _pins(pinned))
    return _woven(reading, files, sha256, pinned, decisions or reading.decisions.decide, problems)


def load_bundle(
    files: Mapping[str, bytes],
    *,
    processes: Processes = no_processes,
    decisions: Decide | None = None,
) -> Bundle:
    """A stored deployment again, without judging it: rules may have become stricter since, and
    its running instances must not stop for that.
    """
    reading = read_files(files)
    pinned = _pinned(reading, processes)
    return _woven(
        reading,
        files,
        bundle_hash(files, _pins(pinned)),
        pinned,
        decisions or reading.decisions.decide,
        (),
    )


def check(
    files: Files,
    *,
    actions: Mapping[str, Action],
    forms: Forms,
    processes: Processes = no_processes,
    judge: Judge = never_judged,
) -> list[Problem]:
    """Every located finding, errors and warnings, without weaving."""
    return lint(read_files(files), Expected(actions, forms, processes, False, judge))


def variable_names(files: Files, *, actions: Mapping[str, Action], forms: Forms) -> Sequence[str]:
    """Variables that the processes of these files can have, as far as diagrams and forms tell."""
    reading = read_files(files)
    expected = Expected(actions, forms, no_processes, decided_elsewhere=False)
    return sorted(set(named(reading, expected)))


def bundle_cache(sha256: str, loader: Callable[[], Bundle]) -> Bundle:
    """The bundle with this hash, compiled at most once in a process (least recently used go)."""
    with _cache_lock:
        if sha256 in _cache:
            _cache.move_to_end(sha256)
            return _cache[sha256]
    bundle = loader()
    if bundle.sha256 != sha256:
        raise CorruptState(f"Expected the files of bundle {sha256}, but got {bundle.sha256}.")
    with _cache_lock:
        _cache[sha256] = bundle
        while len(_cache) > _CACHED:
            _cache.popitem(last=False)
    return bundle


_CACHED = 256
_cache: OrderedDict[str, Bundle] = OrderedDict()
_cache_lock = Lock()


def _pinned(reading: Reading, processes: Processes) -> dict[str, Bundle]:
    pinned = {}
    for process in reading.processes.values():
        for node in process.nodes.values():
            called = node.called
            if called and called not in reading.processes:
                bundle = processes(called)
                assert bundle is not None, "the linter has refused calls that lead nowhere"
                pinned[called] = bundle
    return pinned


def _pins(pinned: Mapping[str, Bundle]) -> dict[str, str]:
    return {name: bundle.sha256 for name, bundle in pinned.items()}


def bundle_hash(files: Mapping[str, bytes], pins: Mapping[str, str]) -> str:
    """What stands for a deployment: every byte of its files, and the bundles it is pinned to."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{len(name)}:{name}:{len(files[name])}:".encode())
        digest.update(files[name])
    for process_id in sorted(pins):
        digest.update(f"{process_id}={pins[process_id]};".encode())
    return digest.hexdigest()


def _woven(
    reading: Reading,
    files: Mapping[str, bytes],
    sha256: str,
    pinned: Mapping[str, Bundle],
    decide: Decide,
    problems: Sequence[Problem],
) -> Bundle:
    woven = {
        id_: weave(process, decide, f"{sha256[:8]}:")
        for id_, process in reading.processes.items()
        if process.executable
    }
    places: dict[str, Place] = {}
    for bundle in pinned.values():
        places.update(bundle.places)
    for one in woven.values():
        places.update(one.places)
        for call in one.calls:
            called = call.node.called or ""
            call.body = woven[called].body if called in woven else pinned[called].woven[called].body
    return Bundle(
        sha256=sha256,
        files=dict(files),
        processes={id_: process_info(one.process) for id_, one in woven.items()},
        pins={id_: bundle.sha256 for id_, bundle in pinned.items()},
        warnings=tuple(problems),
        diagrams=tuple(reading.diagrams),
        woven=woven,
        places=places,
    )


def process_info(process: Process) -> ProcessInfo:
    return ProcessInfo(
        id=process.id,
        name=process.name,
        file=process.file,
        start_form=process.start_form.text if process.start_form else None,
        start_role=process.start_role,
        internal=process.internal,
        title=process.title.text if process.title else None,
        user_tasks=tuple(_user_task(n) for n in process.nodes.values() if n.type == "userTask"),
        documentation=process.documentation,
        startable=startable(process),
        starts=starts_of(process),
    )


def _user_task(node: Node) -> UserTaskInfo:
    settings = node.settings
    return UserTaskInfo(
        node.id,
        node.name,
        node.lane,
        settings.form.text if settings.form else None,
        settings.outcomes,
        tuple(target.text for target in settings.returns),
        settings.act,
    )
