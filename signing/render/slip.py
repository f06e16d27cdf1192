"""ใบเกษียน: what each level said about a letter, on paper of its own. The letter is not touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from signing.archive import Description, finish
from signing.fonts import Typeface, built_in
from signing.pdf.document import Document
from signing.pdf.structure import Element, Tag
from signing.render.fields import spelled
from signing.render.furniture import Furniture
from signing.render.laying import ONE_AT_A_TIME, Rendered, lay
from signing.render.lines import Run
from signing.render.paragraph import Shape, paragraph
from signing.render.sheet import BEFORE, CM, LEADING, SIZE, WIDTH
from signing.render.strips import Stage, Strip, glue, glue_to_previous
from signing.thai import thai_digits

__all__ = ["Entry", "Slip", "print_slip"]

_TOP = 2 * CM
_TITLE, _TITLE_LEADING = 24.0, 32.0
_SMALL, _SMALL_LEADING = 12.0, 16.0
_LABEL = 3 * CM
#: what was typed stands behind a bar, so that it is never taken for what the paper says itself
_BAR, _TYPED = 0.5 * CM, 0.9 * CM
_BAR_WIDTH = 1.2
#: the block of name, post and moment is centred about this
_AXIS = 10.5 * CM
#: a longer line of typed text is laid out in pieces
_MOST_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What one level said, in words as printed. `said` is what was typed, with its line ends;
    `about` the version that it was said about; `notes` what became of it.
    """

    level: str
    outcome: str
    said: str
    name: str
    position_lines: Sequence[str]
    moment: str
    about: str
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """`facts` are labels and values, `told` lines that say what the paper is and of which file it
    speaks, `foot` what every sheet says of whose it is. `secrecy` ("" where open) stands on top and
    at the foot of each, with `sets`, which of the slips it is.
    """

    title: str
    agency: str
    subject: str
    facts: Sequence[tuple[str, str]]
    told: Sequence[str]
    entries: Sequence[Entry]
    foot: str
    secrecy: str = ""
    sets: str = ""


def print_slip(slip: Slip, typeface: Typeface | None = None) -> Rendered:
    """A tagged PDF in the archive form. The same content gives the same bytes.

    What cannot be printed is told by its code: nobody can mend an endorsement. Raises
    `Unrenderable` for more than 1,000 pages.
    """
    with ONE_AT_A_TIME:
        document = Document()
        press = _Press(document.root, typeface or built_in())
        foot = press.clean(slip.foot)
        furniture = Furniture(
            document.root,
            press.face,
            press.clean(slip.secrecy),
            sets=press.clean(slip.sets),
            foot=foot,
        )
        laid = lay(document, press.strips(slip), furniture, _TOP)
        about = Description(
            *(press.clean(text) for text in (slip.title, slip.agency, slip.subject))
        )
        return Rendered(finish(document, about, ()), len(laid.lines), (), laid.lines)


class _Press:
    def __init__(self, root: Element, face: Typeface) -> None:
        self.root, self.face = root, face
        self._strange = 0

    def clean(self, text: str) -> str:
        """On one line."""
        return " ".join(self._spelled(text).split())

    def _spelled(self, text: str) -> str:
        said, strange = spelled(text, self.face.printable)
        self._strange += strange
        return said

    def strips(self, slip: Slip) -> list[Strip]:
        head = self._head(slip)
        self._strange = 0  # of the entries alone: what is above is in the letter, too
        entries = [strip for n, one in enumerate(slip.entries, 1) for strip in self._entry(n, one)]
        return [*head, *entries, *self._end(len(slip.entries))]

    # -- the head -----------------------------------------------------------------------------

    def _head(self, slip: Slip) -> list[Strip]:
        title = [self._run("ใบเกษียน", _TITLE, bold=True)]
        strips = self._text(title, Shape(_TITLE_LEADING, "centre"), "H1")
        strips += self._text([self._run(slip.agency)], Shape(align="centre"))
        for n, (label, value) in enumerate(slip.facts):
            strips += self._fact(label, value, 2 * BEFORE if n == 0 else 0.0)
        for n, line in enumerate(slip.told):
            shape = Shape(_SMALL_LEADING, before=2 * BEFORE if n == 0 else 0.0)
            strips += self._text([self._run(line, _SMALL)], shape)
        return [*strips, _rule()]

    def _fact(self, label: str, value: str, before: float) -> list[Strip]:
        """The label once, the value beside it on as many lines as it takes."""
        element = self.root.add("P")
        said = paragraph([self._run(label, bold=True)], Shape(before=before), element, WIDTH)
        values = paragraph([self._run(value)], Shape(left=_LABEL), element, WIDTH)
        return glue([_over(said[0], values[0]), *values[1:]] if values else said)

    # -- what each level said -----------------------------------------------------------------

    def _entry(self, number: int, entry: Entry) -> list[Strip]:
        head = f"{thai_digits(number)}. {entry.level}"
        shape = Shape(before=3 * BEFORE)
        strips = self._text([self._run(head, bold=True)], shape, "H2")
        outcome = [Run("ผล ", self.face.bold, SIZE), self._run(entry.outcome)]
        strips = glue([*strips, *self._text(outcome, Shape(left=_BAR))])
        typed = self._typed(entry.said)
        # the first lines of what was typed stay with whose level it is
        strips += [*glue_to_previous(typed[:1]), *typed[1:]]
        return [*strips, *glue_to_previous(self._block(entry))]

    def _typed(self, text: str) -> list[Strip]:
        strips: list[Strip] = []
        for line in self._spelled(text).split("\n"):
            parts = [line[at : at + _MOST_AT_ONCE] for at in range(0, len(line), _MOST_AT_ONCE)]
            for part in parts:
                if part.strip():
                    strips += self._text([self._run(part)], Shape(left=_TYPED))
        return [_behind_bar(strip) for strip in strips]

    def _block(self, entry: Entry) -> list[Strip]:
        """The name in brackets, the posts and the moment, as under a signature; then what it was
        said about, and what became of it.
        """
        centred = Shape(align="centre", left=2 * _AXIS - WIDTH, width=2 * (WIDTH - _AXIS))
        strips: list[Strip] = []
        lines = [f"({entry.name})", *entry.position_lines, entry.moment]
        for n, line in enumerate(lines):
            shape = replace(centred, before=BEFORE if n == 0 else 0.0)
            strips += self._text([self._run(line)], shape)
        small = Shape(_SMALL_LEADING, left=_BAR)
        for note in entry.notes:
            strips += self._text([self._run(note, bold=True)], Shape(left=_BAR))
        return [*strips, *self._text([self._run(entry.about, _SMALL)], small)]

    def _end(self, count: int) -> list[Strip]:
        """That nothing comes after it, so that a sheet that is missing is missed."""
        lines = [f"จบใบเกษียน รวม {thai_digits(count)} รายการ"]
        if self._strange:
            lines.append(
                f"อักขระที่พิมพ์ไม่ได้ {thai_digits(self._strange)} ตัว แสดงเป็นรหัสในวงเล็บเหลี่ยม [U+…]"
            )
        strips = []
        for n, line in enumerate(lines):
            shape = Shape(_SMALL_LEADING, "centre", before=3 * BEFORE if n == 0 else 0.0)
            strips += self._text([self._run(line, _SMALL)], shape)
        return glue_to_previous(strips)

    # -- text ---------------------------------------------------------------------------------

    def _run(self, text: str, size: float = SIZE, *, bold: bool = False) -> Run:
        return Run(self.clean(text), self.face.bold if bold else self.face.regular, size)

    def _text(self, runs: Sequence[Run], shape: Shape, tag: Tag = "P") -> list[Strip]:
        return paragraph(runs, shape, self.root.add(tag), WIDTH)


def _over(one: Strip, other: Strip) -> Strip:
    def draw(stage: Stage, top: float) -> None:
        one.draw(stage, top)
        other.draw(stage, top)

    return replace(one, draw=draw, text=f"{one.text} {other.text}")


def _behind_bar(strip: Strip) -> Strip:
    def draw(stage: Stage, top: float) -> None:
        strip.draw(stage, top)
        with stage.content.artifact():
            x = stage.left + _BAR + _BAR_WIDTH
            stage.content.line((x, top), (x, top - strip.height), _BAR_WIDTH)

    return replace(strip, draw=draw)


def _rule() -> Strip:
    def draw(stage: Stage, top: float) -> None:
        with stage.content.artifact():
            y = top - LEADING / 2
            stage.content.line((stage.left, y), (stage.left + stage.width, y), 0.6)

    return Strip(LEADING / 2, draw)
