"""The flows of a process as a graph: who comes before, who after, what can still reach what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.runtime.diagram import Flow, Node, Process


def begins_by_event(node: Node) -> bool:
    """Whether this is a start event that begins an instance of its process by itself."""
    kind = node.event.kind if node.event else "none"
    return node.type == "startEvent" and node.parent is None and kind != "none"


class Graph:
    def __init__(self, process: Process) -> None:
        self.process = process
        self._out: dict[str, list[Flow]] = {}
        self._in: dict[str, list[Flow]] = {}
        self._boundaries: dict[str, list[Node]] = {}
        self._links: dict[tuple[str | None, ...], list[Node]] = {}
        for flow in process.flows.values():
            self._out.setdefault(flow.source, []).append(flow)
            self._in.setdefault(flow.target, []).append(flow)
        for node in process.nodes.values():
            if node.attached_to is not None:
                self._boundaries.setdefault(node.attached_to, []).append(node)
            if node.event is not None and node.event.kind == "link":
                self._links.setdefault(_link_key(node), []).append(node)
        self._after = {node.id: self._ways_on(node) for node in process.nodes.values()}
        self._before: dict[str, list[str]] = {}
        for node_id, ways in self._after.items():
            for other in ways:
                self._before.setdefault(other, []).append(node_id)

    def outgoing(self, node_id: str) -> list[Flow]:
        return self._out.get(node_id, [])

    def incoming(self, node_id: str) -> list[Flow]:
        return self._in.get(node_id, [])

    def boundaries(self, node_id: str) -> list[Node]:
        return self._boundaries.get(node_id, [])

    def link_targets(self, node: Node) -> list[str]:
        """Where a link throw event jumps: the catch events of its name on its level."""
        if node.type != "intermediateThrowEvent":
            return []
        return [other.id for other in self._links.get(_link_key(node), []) if _catches(other)]

    def link_sources(self, node: Node) -> list[str]:
        if not _catches(node):
            return []
        return [other.id for other in self._links.get(_link_key(node), []) if not _catches(other)]

    def in_event_subprocess(self, node: Node) -> bool:
        parent = self.process.nodes.get(node.parent or "")
        return parent is not None and parent.triggered

    # -- reach --------------------------------------------------------------------------------

    def _ways_on(self, node: Node) -> list[str]:
        targets = [flow.target for flow in self.outgoing(node.id)]
        return targets + self.link_targets(node) + [b.id for b in self.boundaries(node.id)]

    def before(self, node_id: str) -> list[str]:
        """Nodes from which a token may come straight to this one."""
        return self._before.get(node_id, [])

    def after(self, node_id: str) -> list[str]:
        """Nodes to which a token may go straight from this one."""
        return self._after.get(node_id, [])

    def upstream(self, flow_id: str) -> frozenset[str]:
        """Nodes from which a token can still come along this flow without passing its target."""
        flow = self.process.flows[flow_id]
        return frozenset(self._spread([flow.source], self.before, without=flow.target))

    def downstream(self, start: Iterable[str], without: str = "") -> set[str]:
        """All nodes that can be reached from these, themselves included."""
        return self._spread(start, self.after, without)

    def _spread(
        self, start: Iterable[str], step: Callable[[str], list[str]], without: str = ""
    ) -> set[str]:
        seen: set[str] = set()
        open_ = [node for node in start if node != without]
        while open_:
            node = open_.pop()
            if node not in seen:
                seen.add(node)
                open_.extend(other for other in step(node) if other != without)
        return seen

    def circles(self, passes: Callable[[str], bool]) -> list[frozenset[str]]:
        """Sets of nodes that lie in a circle with one another, through nodes that pass alone.

        Tarjan's strongly connected components, without recursion.
        """
        search = _Circles(self, passes)
        for node_id in self.process.nodes:
            if passes(node_id):
                search.visit(node_id)
        return search.found


def _link_key(node: Node) -> tuple[str | None, ...]:
    return (node.parent, node.event.name if node.event else None)


def _catches(node: Node) -> bool:
    return node.type == "intermediateCatchEvent"


class _Circles:
    def __init__(self, graph: Graph, passes: Callable[[str], bool]) -> None:
        self._graph = graph
        self._passes = passes
        self._number: dict[str, int] = {}
        self._lowest: dict[str, int] = {}
        self._stack: dict[str, None] = {}
        self.found: list[frozenset[str]] = []

    def visit(self, start: str) -> None:
        if start in self._number:
            return
        work = [self._enter(start)]
        while work:
            node, after = work[-1]
            for other in after:
                if other not in self._number:
                    work.append(self._enter(other))
                    break
                if other in self._stack:
                    self._lowest[node] = min(self._lowest[node], self._number[other])
            else:
                work.pop()
                self._leave(node, work[-1][0] if work else None)

    def _enter(self, node: str) -> tuple[str, Iterator[str]]:
        self._number[node] = self._lowest[node] = len(self._number)
        self._stack[node] = None
        return node, (other for other in self._graph.after(node) if self._passes(other))

    def _leave(self, node: str, parent: str | None) -> None:
        if parent is not None:
            self._lowest[parent] = min(self._lowest[parent], self._lowest[node])
        if self._lowest[node] == self._number[node]:
            self._close(node)

    def _close(self, node: str) -> None:
        members: list[str] = []
        while not members or members[-1] != node:
            members.append(self._stack.popitem()[0])
        if len(members) > 1 or node in self._graph.after(node):
            self.found.append(frozenset(members))
