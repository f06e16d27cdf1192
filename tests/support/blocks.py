"""Random processes of nested blocks, and what they mean: an interpreter of its own, as an oracle.

A block is drawn as BPMN by `draw` and run by `enter` and `complete`, which know nothing of tokens:
a running block is a small term that shrinks as its tasks are completed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from support.diagrams import (
    both,
    boundary,
    each,
    end,
    flow,
    outcomes,
    path,
    script,
    some,
    start,
    subprocess,
    task,
    timer,
    user,
    xor,
)


@dataclass(frozen=True)
class User:
    id: str


@dataclass(frozen=True)
class Count:
    """A script that counts how often it ran."""

    id: str


@dataclass(frozen=True)
class Each:
    """A multi-instance user task over a list of so many items."""

    id: str
    size: int
    sequential: bool


@dataclass(frozen=True)
class Seq:
    parts: Sequence[Any]


@dataclass(frozen=True)
class Choice:
    """kind: xor (the first that holds) or some (all that hold); the last way is the default."""

    id: str
    kind: str
    ways: Sequence[Any]
    holds: Sequence[bool]


@dataclass(frozen=True)
class Both:
    id: str
    ways: Sequence[Any]


@dataclass(frozen=True)
class Again:
    """The body, then a head who may send it back."""

    id: str
    body: Any


@dataclass(frozen=True)
class Sub:
    id: str
    body: Any


@dataclass(frozen=True)
class Watched:
    """A user task with a timer that never fires: its listening must not get in the way."""

    id: str


# -- as BPMN ----------------------------------------------------------------------------------


@dataclass
class Drawn:
    """The first and the last node of a block, and its XML."""

    first: str
    last: str
    xml: list[str] = field(default_factory=list)


def draw(block: Any) -> Drawn:
    return _DRAW[type(block)](block)


def _user(block: User) -> Drawn:
    return Drawn(block.id, block.id, [user(block.id)])


def _count(block: Count) -> Drawn:
    name = f"c{block.id}"
    return Drawn(block.id, block.id, [script(block.id, f"{{{name}: {name} + 1}}")])


def _each(block: Each) -> Drawn:
    items = str(list(range(block.size)))
    loop = each(f"={items}", "one", sequential=block.sequential,
                collect=(f"all{block.id}", "mine"))  # fmt: skip
    return Drawn(block.id, block.id, [user(block.id, loop)])


def _watched(block: Watched) -> Drawn:
    late, over = f"{block.id}t", f"{block.id}x"
    guard = boundary(late, block.id, timer(duration="P1D"))
    return Drawn(block.id, block.id, [user(block.id), guard, end(over), path(late, over)])


def _seq(block: Seq) -> Drawn:
    drawn = [draw(part) for part in block.parts]
    joints = [path(one.last, two.first) for one, two in pairwise(drawn)]
    return Drawn(drawn[0].first, drawn[-1].last, [*_all(drawn), *joints])


def _all(drawn: Sequence[Drawn]) -> list[str]:
    return [xml for one in drawn for xml in one.xml]


def _choice(block: Choice) -> Drawn:
    split, join = f"{block.id}s", f"{block.id}j"
    drawn = [draw(way) for way in block.ways]
    default = f"{split}-{drawn[-1].first}"
    kind = xor if block.kind == "xor" else some
    flows = [
        flow(
            split,
            one.first,
            when="" if one is drawn[-1] else f"b{block.id} = {number} or all{number}{block.id}",
        )
        for number, one in enumerate(drawn)
    ]
    outs = [path(one.last, join) for one in drawn]
    return Drawn(split, join, [kind(split, default), kind(join), *_all(drawn), *flows, *outs])


def _both(block: Both) -> Drawn:
    split, join = f"{block.id}s", f"{block.id}j"
    drawn = [draw(way) for way in block.ways]
    flows = [path(split, one.first) + path(one.last, join) for one in drawn]
    return Drawn(split, join, [both(split), both(join), *_all(drawn), *flows])


def _again(block: Again) -> Drawn:
    merge, head, gate, out = (f"{block.id}{part}" for part in "mhgo")
    body = draw(block.body)
    back = flow(gate, merge, when=f'o{block.id} = "back"')
    return Drawn(
        merge,
        out,
        [
            xor(merge),
            *body.xml,
            user(head, extensions=outcomes("back", "on", variable=f"o{block.id}")),
            xor(gate, f"{gate}-{out}"),
            task(out),
            path(merge, body.first),
            path(body.last, head, gate, out),
            back,
        ],
    )


def _sub(block: Sub) -> Drawn:
    body, begin, stop = draw(block.body), f"{block.id}b", f"{block.id}e"
    inner = [start(begin), end(stop), *body.xml, path(begin, body.first), path(body.last, stop)]
    return Drawn(block.id, block.id, [subprocess(block.id, *inner)])


_DRAW: dict[type, Any] = {
    User: _user, Count: _count, Each: _each, Watched: _watched, Seq: _seq, Choice: _choice,
    Both: _both, Again: _again, Sub: _sub,
}  # fmt: skip


# -- variables that the conditions read -------------------------------------------------------


def given(block: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(block, Count):
        yield f"c{block.id}", 0
    if isinstance(block, Choice):
        yield f"b{block.id}", -1
        for number, holds in enumerate(block.holds):
            yield f"all{number}{block.id}", holds
    for part in _parts(block):
        yield from given(part)


def _parts(block: Any) -> Sequence[Any]:
    if isinstance(block, Seq):
        return block.parts
    if isinstance(block, Choice | Both):
        return block.ways
    return [block.body] if isinstance(block, Again | Sub) else []


# -- as meaning -------------------------------------------------------------------------------

#: A block that has ended.
DONE = None


@dataclass
class Ran:
    """How often each script ran."""

    counts: Counter[str] = field(default_factory=Counter)

    def enter(self, block: Any) -> Any:
        if isinstance(block, User | Watched):
            return ("user", block.id)
        if isinstance(block, Count):
            self.counts[block.id] += 1
            return DONE
        if isinstance(block, Each):
            return self._each(block.id, 0, block.size, block.sequential)
        if isinstance(block, Seq):
            return self._seq(block.parts, 0)
        if isinstance(block, Both):
            return self._several(block.ways)
        if isinstance(block, Choice):
            return self._several(_taken(block))
        if isinstance(block, Again):
            return self._then_head(block, self.enter(block.body))
        return self.enter(block.body)

    def _each(self, id_: str, done: int, size: int, sequential: bool) -> Any:
        left = size - done
        return ("each", id_, done, size, sequential) if left else DONE

    def _seq(self, parts: Sequence[Any], at: int) -> Any:
        for number in range(at, len(parts)):
            live = self.enter(parts[number])
            if live is not DONE:
                return ("seq", parts, number, live)
        return DONE

    def _several(self, ways: Sequence[Any]) -> Any:
        lives = [live for live in map(self.enter, ways) if live is not DONE]
        return ("several", lives) if lives else DONE

    def _then_head(self, block: Again, live: Any) -> Any:
        return ("head", block) if live is DONE else ("body", block, live)

    # -- completing ---------------------------------------------------------------------------

    def complete(self, live: Any, id_: str, outcome: str | None) -> Any:
        """The first open task of this name is done. None where there is none in this term."""
        kind = live[0]
        if kind == "user":
            return DONE
        if kind == "each":
            _, name, done, size, sequential = live
            return self._each(name, done + 1, size, sequential)
        if kind == "seq":
            _, parts, at, inner = live
            inner = self.complete(inner, id_, outcome)
            return ("seq", parts, at, inner) if inner is not DONE else self._seq(parts, at + 1)
        if kind == "several":
            return self._complete_one(live[1], id_, outcome)
        if kind == "body":
            return self._then_head(live[1], self.complete(live[2], id_, outcome))
        return self.enter(live[1]) if outcome == "back" else DONE

    def _complete_one(self, lives: list[Any], id_: str, outcome: str | None) -> Any:
        at = next(n for n, live in enumerate(lives) if id_ in open_in(live))
        inner = self.complete(lives[at], id_, outcome)
        rest = [*lives[:at], *([inner] if inner is not DONE else []), *lives[at + 1 :]]
        return ("several", rest) if rest else DONE


def _taken(block: Choice) -> list[Any]:
    taken = [way for way, holds in zip(block.ways[:-1], block.holds, strict=False) if holds]
    if block.kind == "xor":
        taken = taken[:1]
    return taken or [block.ways[-1]]


def open_in(live: Any) -> list[str]:
    if live is DONE:
        return []
    kind = live[0]
    if kind == "user":
        return [live[1]]
    if kind == "each":
        _, name, done, size, sequential = live
        return [name] * (1 if sequential else size - done)
    if kind == "seq":
        return open_in(live[3])
    if kind == "several":
        return [name for one in live[1] for name in open_in(one)]
    return [f"{live[1].id}h"] if kind == "head" else open_in(live[2])
