"""Comments and processing instructions of a diagram or a decision model: the editor does not know
them, so that what it has written gets those of the text before, each at its element.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from engine.commands import checks

#: comments and processing instructions of one diagram
MOST = 2_000
#: as much of a comment as is told
TOLD = 120

_START_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
_LINE = re.compile(rb"\r?\n?[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Moved:
    """A comment whose element is gone: `was` its id, `now` that of the element it stands in."""

    text: str
    was: str
    now: str


@dataclass(slots=True, eq=False)
class _Element:
    """Places in bytes: `start` of its tag, `inner` behind it, `close` of its end tag, `end`."""

    key: str
    parent: _Element | None
    name: str = ""
    id: str = ""
    start: int = 0
    inner: int = 0
    close: int = 0
    end: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    #: the newest element in it
    last: _Element | None = None
    #: remarks in it that no element follows yet
    waiting: list[_Remark] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Remark:
    """`leading` and `following`: the elements on either side of it in its parent."""

    source: bytes
    parent: _Element
    leading: _Element | None
    following: _Element | None = None


def carried(before: str, after: str) -> tuple[str, Sequence[Moved]]:
    """`after` with the comments of `before` that it lacks, and those that lost their element.

    Both have been read without danger already (`rules.identify`). Nothing else of `after` changes.
    Invalid (too_many_comments) where one has more than `MOST`.
    """
    if "<!--" not in before and before.count("<?") < 2:
        return after, ()
    old, new = _Reading(before.encode()), _Reading(after.encode())
    present = Counter(one.source for one in new.remarks)
    merging = _Merging(new)
    for remark in old.remarks:
        if present[remark.source]:
            present[remark.source] -= 1
        else:
            merging.put(remark)
    return merging.text(), merging.moved


def bounded(xml: str) -> None:
    """Invalid (too_many_comments) where a text that is well-formed has more than `MOST`."""
    if xml.count("<!--") + xml.count("<?") > MOST:
        _Reading(xml.encode())


class _Reading:
    """A file's elements by what they are called in every version of it, with their places."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.remarks: list[_Remark] = []
        self.by_key: dict[str, _Element] = {}
        self.document = self._at = _Element("", None, inner=0, close=len(data), end=len(data))
        self.by_key[""] = self.document
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._finish
        self._parser.CommentHandler = lambda _text: self._remark(b"-->")
        self._parser.ProcessingInstructionHandler = lambda _target, _text: self._remark(b"?>")
        self._parser.Parse(data, True)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        parent, name = self._at, tag.rpartition(":")[2]
        id_, inside = attributes.get("id", ""), "/extensionElements" in parent.key
        step = f"{name}#{id_}" if id_ else name
        parent.counted[step] += 1
        # Within extension elements an id names something among its siblings only.
        key = f"#{id_}" if id_ and not inside else f"{parent.key}/{step}[{parent.counted[step]}]"
        start = self._parser.CurrentByteIndex
        found = _START_TAG.match(self.data, start)
        inner = found.end() if found else start
        key = key if parent.parent else "/"  # the root, whatever its id
        made = _Element(key, parent, tag, "" if inside else id_, start, inner)
        parent.last = made
        for remark in parent.waiting:
            remark.following = made
        parent.waiting.clear()
        self.by_key.setdefault(key, made)
        self._at = made

    def _finish(self, _tag: str) -> None:
        this, place = self._at, self._parser.CurrentByteIndex
        empty = place <= this.start or self.data[this.inner - 2 : this.inner] == b"/>"
        this.close = this.inner if empty else place
        this.end = this.inner if empty else self.data.index(b">", place) + 1
        self._at = this.parent or self.document

    def _remark(self, ending: bytes) -> None:
        place = self._parser.CurrentByteIndex
        if len(self.remarks) >= MOST:
            raise _too_many(self._parser.CurrentLineNumber)
        end = self.data.index(ending, place) + len(ending)
        made = _Remark(self.data[place:end], self._at, self._at.last)
        self._at.waiting.append(made)
        self.remarks.append(made)


def _too_many(line: int) -> Exception:
    return checks.refused(
        "xml",
        "too_many_comments",
        f"Expected at most {MOST:,} comments and processing instructions, but line {line:,} has "
        "one more; remove some, or write them as documentation.",
    )


class _Merging:
    """Where each remark goes in the new text."""

    def __init__(self, new: _Reading) -> None:
        self.new = new
        self.moved: list[Moved] = []
        #: what is put in at a place of the text, in order
        self._put: dict[int, list[bytes]] = {}
        #: elements that are written as one tag, with what they get to hold
        self._held: dict[_Element, list[bytes]] = {}

    def put(self, remark: _Remark) -> None:
        leading, following = remark.leading, remark.following
        about = following or remark.parent
        if following is not None and (found := self._same(following)):
            self._insert(found.start, remark.source + self._line(found.start))
            return
        found = None if following else self._same(leading) if leading else None
        if found is not None:
            self._insert(found.end, self._line(found.start) + remark.source)
            return
        holder = next(one for one in _upward(remark.parent) if self._same(one))
        self._hold(self._same(holder) or self.new.document, remark, first=leading is None)
        was, now = _named(about), _named(holder)
        if was != now:
            self.moved.append(Moved(_told(remark.source), was, now))

    def _same(self, old: _Element) -> _Element | None:
        return self.new.by_key.get(old.key)

    def _hold(self, holder: _Element, remark: _Remark, *, first: bool) -> None:
        if holder.close == holder.inner == holder.end and holder.parent is not None:
            self._held.setdefault(holder, []).append(remark.source)
        elif first and holder.last is None:
            self._insert(holder.inner, remark.source)
        else:
            self._insert(holder.close, remark.source + self._line(holder.close))

    def _insert(self, place: int, source: bytes) -> None:
        self._put.setdefault(place, []).append(source)

    def _line(self, place: int) -> bytes:
        """The line break and the blanks before a place, where nothing else stands there."""
        found = _LINE.search(self.new.data, max(0, place - 200), place)
        return found[0] if found and b"\n" in found[0] else b""

    def text(self) -> str:
        data, pieces, last = self.new.data, [], 0
        opened = {one.inner: one for one in self._held}
        for place in sorted({*self._put, *opened}):
            piece, last = data[last:place], place
            if this := opened.get(place):
                piece = piece.removesuffix(b"/>").rstrip() + b">"
                piece += b"".join(self._held[this]) + f"</{this.name}>".encode()
            pieces += [piece, *self._put.get(place, ())]
        return b"".join([*pieces, data[last:]]).decode()


def _upward(element: _Element | None) -> Iterator[_Element]:
    while element is not None:
        yield element
        element = element.parent


def _named(element: _Element) -> str:
    """The id of the element, or of the nearest around it that has one."""
    return next((one.id for one in _upward(element) if one.id), "")


def _told(source: bytes) -> str:
    text = source.decode().removeprefix("<!--").removesuffix("-->")
    return " ".join(text.split())[:TOLD]
