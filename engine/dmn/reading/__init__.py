"""Files of decision models, read together: what they say, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.dmn import xml
from engine.dmn.model import Definitions
from engine.dmn.reading.definitions import NAMESPACES, imports_of, read_definitions
from engine.dmn.reading.findings import Findings
from engine.dmn.reading.names import dictionary
from engine.errors import Problem

Root = xml.Element


def read_files(files: Mapping[str, bytes]) -> tuple[Sequence[Definitions], Sequence[Problem]]:
    """Every file that is a decision model; others are left alone."""
    problems: list[Problem] = []
    roots = list(_roots(files, problems))
    by_namespace = {root.get("namespace", ""): root for _, root in reversed(roots)}
    read = []
    for file, root in roots:
        if by_namespace[root.get("namespace", "")] is not root:
            problems.append(_taken(file, root))
            continue
        found = Findings(file)
        known = dictionary(*_visible(root, by_namespace))
        read.append(read_definitions(file, root, known, found))
        problems += found.problems
    return read, problems


def _taken(file: str, root: Root) -> Problem:
    return Problem(
        file,
        xml.line(root),
        None,
        "namespace",
        "duplicate_namespace",
        f"Expected a namespace of its own, but {root.get('namespace')!r} is another file's.",
        "Change the namespace of one of the two.",
    )


def _roots(files: Mapping[str, bytes], problems: list[Problem]) -> Iterator[tuple[str, Root]]:
    for file, source in files.items():
        if not file.lower().endswith(".dmn"):
            continue
        try:
            root = xml.read_xml(source)
        except xml.Unreadable as wrong:
            problems.append(
                Problem(file, wrong.line, None, None, wrong.code, wrong.message, wrong.mend)
            )
            continue
        if _is_model(root):
            yield file, root
        else:
            problems.append(_no_model(file, root))


def _is_model(root: Root) -> bool:
    return xml.local(root) == "definitions" and (root.tag[1:].rpartition("}")[0]) in NAMESPACES


def _no_model(file: str, root: Root) -> Problem:
    return Problem(
        file,
        xml.line(root),
        None,
        None,
        "not_dmn",
        f"Expected a DMN model (1.1 to 1.5), but its root is <{xml.local(root)}>.",
        "Export the model as DMN XML.",
    )


def _visible(root: Root, by_namespace: Mapping[str, Root]) -> list[Root]:
    """The file and all that it imports, directly or not."""
    found = [root]
    for each in found:
        for namespace, _ in imports_of(each):
            imported = by_namespace.get(namespace)
            if imported is not None and all(imported is not known for known in found):
                found.append(imported)
    return found
