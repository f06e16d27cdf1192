"""The pages of a copy: ours stay as they are laid out, with their tags; others are drawn anew.

Whatever a file can do is left behind: fields, signatures, scripts, links, enclosed files.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, String

from signing.archive.metadata import CREATOR, Description, xmp
from signing.errors import Uncopyable

Size = tuple[float, float]
#: what of the catalogue says how pages are to be read, and does nothing
_KEPT = frozenset(
    ("/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OutputIntents",
     "/ViewerPreferences", "/Version")
)  # fmt: skip
_PAGE_KEPT = frozenset(
    ("/Type", "/Parent", "/MediaBox", "/CropBox", "/Resources", "/Contents", "/StructParents",
     "/Tabs", "/Rotate", "/Group")
)  # fmt: skip
#: a page of paper, in points: the least has room for what is put on it
_LEAST, _MOST = 280.0, 14_400.0
_PRINT_AND_LOCKED = 132
_TIP = "ลายมือชื่ออิเล็กทรอนิกส์ของผู้รับรองสำเนา"


class Sheets(Protocol):
    """`sizes` are of the pages as they are seen, their turn taken into account."""

    @property
    def sizes(self) -> Sequence[Size]: ...

    def figure(self, page: Page, size: Size) -> Object:
        """A drawing of ours, of this size, that can be put on pages."""
        ...

    def place(self, index: int, above: float, below: float) -> None:
        """Put the page itself there, made smaller to leave these bands free. Once each."""
        ...

    def draw(self, index: int, figure: Object, at: tuple[float, float], share: float = 1.0) -> None:
        """Put a drawing on it, its left bottom corner there."""
        ...

    def await_signature(self, name: str, box: Sequence[float]) -> None:
        """An empty signature field on the first page."""
        ...

    def saved(self) -> bytes: ...


def is_tagged(pdf: Pdf) -> bool:
    """Whether it has tags as we write them: upright pages, one root element, a flat parent tree."""
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None or "/ParentTree" not in tree or "/Nums" not in tree.ParentTree:
        return False
    pages = [page.obj for page in pdf.pages]
    upright = all("/StructParents" in page and not page.get("/Rotate") for page in pages)
    return upright and isinstance(tree.get("/K"), Dictionary) and "/K" in tree.K


def _figure(pdf: Pdf, page: Page, size: Size) -> Object:
    page.trimbox = Array([0, 0, *size])
    return pdf.copy_foreign(page.as_form_xobject())


def _shrunk(size: Size, above: float, below: float) -> tuple[float, float, float]:
    """By how much a page gets smaller, and where its left bottom corner comes."""
    share = (size[1] - above - below) / size[1]
    return share, size[0] * (1 - share) / 2, below


def _widget(pdf: Pdf, name: str, box: Sequence[float]) -> Object:
    left, bottom, right, top = box
    appearance = pdf.make_stream(
        b"",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, right - left, top - bottom]),
        Resources=Dictionary(),
    )
    page = pdf.pages[0].obj
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(name), TU=String(_TIP),
            F=_PRINT_AND_LOCKED, Rect=Array([round(edge, 2) for edge in box]), P=page,
            AP=Dictionary(N=pdf.make_indirect(appearance)),
        )
    )  # fmt: skip
    page.Annots = Array([widget])
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=0)
    return widget


def _saved(pdf: Pdf, wish: Mapping[str, Any]) -> bytes:
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(wish["title"]),
            Author=String(wish["author"]),
            Subject=String(wish["subject"]),
            Creator=String(CREATOR),
            Producer=String(CREATOR),
        )
    )
    out = io.BytesIO()
    pdf.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
        min_version="1.7",
    )
    return out.getvalue()


class Tagged:
    """A letter of ours. What stood in its signature fields is drawn on the page, tagged as text."""

    def __init__(self, pdf: Pdf, wish: Mapping[str, Any]) -> None:
        self._pdf, self._wish = pdf, wish
        self._tree = pdf.Root.StructTreeRoot
        self._parents = _numbers(self._tree.ParentTree.Nums)
        self.sizes = [_seen(page)[1] for page in pdf.pages]
        self._boxes = _boxes(self._tree.K)
        for key in set(pdf.Root.keys()) - _KEPT:
            del pdf.Root[key]
        for page in pdf.pages:
            self._flatten(page)
            for key in set(page.obj.keys()) - _PAGE_KEPT:
                del page.obj[key]

    def figure(self, page: Page, size: Size) -> Object:
        return _figure(self._pdf, page, size)

    def place(self, index: int, above: float, below: float) -> None:
        page = self._pdf.pages[index]
        share, x, y = _shrunk(self.sizes[index], above, below)
        begin = f"q {share:.5f} 0 0 {share:.5f} {x:.3f} {y:.3f} cm\n" if share < 1 else "q\n"
        page.contents_add(begin.encode(), prepend=True)
        page.contents_add(b"\nQ\n")
        if share < 1:
            for layout in self._boxes.get(page.obj.objgen, ()):
                moved = zip(layout.BBox, (x, y, x, y), strict=True)
                layout.BBox = Array([round(float(edge) * share + by, 2) for edge, by in moved])

    def draw(self, index: int, figure: Object, at: tuple[float, float], share: float = 1.0) -> None:
        page = self._pdf.pages[index]
        element = self._pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.P, P=self._tree.K, Pg=page.obj)
        )
        self._kids().append(element)
        self._show(page, figure, element, (share, 0, 0, share, *at))

    def await_signature(self, name: str, box: Sequence[float]) -> None:
        widget = _widget(self._pdf, name, box)
        page = self._pdf.pages[0].obj
        element = self._pdf.make_indirect(
            Dictionary(
                Type=Name.StructElem, S=Name.Form, P=self._tree.K, Pg=page,
                K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),
            )
        )  # fmt: skip
        self._kids().append(element)
        key = max(self._parents) + 1
        self._parents[key] = element
        widget.StructParent = key

    def saved(self) -> bytes:
        pdf = self._pdf
        numbers = [one for key in sorted(self._parents) for one in (key, self._parents[key])]
        self._tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
        self._tree.ParentTreeNextKey = max(self._parents) + 1
        about = Description(self._wish["title"], self._wish["author"], self._wish["subject"])
        packet = xmp(about, part=3, conformance="A", accessible=True)
        pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
        return _saved(pdf, self._wish)

    def _kids(self) -> Any:
        root = self._tree.K
        if not isinstance(root.K, Array):
            root.K = Array([root.K])
        return root.K

    def _flatten(self, page: Page) -> None:
        for widget in page.obj.get("/Annots", ()):
            element = self._parents.pop(int(widget.get("/StructParent", -1)), None)
            look = widget.get("/AP", Dictionary()).get("/N")
            if element is None or not isinstance(look, pikepdf.Stream):
                continue
            element.S = Name.P
            element.Pg = page.obj
            left, bottom = (float(edge) for edge in list(widget.Rect)[:2])
            del element["/K"]
            self._show(page, look, element, (1, 0, 0, 1, left, bottom))

    def _show(self, page: Page, figure: Object, element: Object, matrix: tuple[float, ...]) -> None:
        """Draw it as the content of the element."""
        marked = self._parents[int(page.obj.StructParents)]
        number = len(marked)
        marked.append(element)
        element.K = Array([number])
        name = _named(page, figure)
        placed = " ".join(f"{value:.3f}" for value in matrix)
        drawing = f"\n/P <</MCID {number}>> BDC q {placed} cm {name} Do Q EMC\n"
        page.contents_add(drawing.encode())


def _boxes(root: Object) -> dict[tuple[int, int], list[Any]]:
    """Where tags say that figures stand, by page: in its coordinates, whatever its drawing does."""
    found: dict[tuple[int, int], list[Any]] = {}
    ahead = [root]
    while ahead:
        node = ahead.pop()
        layout, kids = node.get("/A"), node.get("/K")
        if isinstance(layout, Dictionary) and "/BBox" in layout and "/Pg" in node:
            found.setdefault(node.Pg.objgen, []).append(layout)
        below: list[Any] = list(kids) if isinstance(kids, Array) else [kids]
        ahead += [kid for kid in below if isinstance(kid, Dictionary) and "/S" in kid]
    return found


class Redrawn:
    """A stranger's file: each page as one figure, as viewers show it, on a page of ours."""

    def __init__(self, pdf: Pdf, wish: Mapping[str, Any]) -> None:
        self._wish = wish
        self._pdf = Pdf.new()
        self._pdf.Root.Lang = String("th-TH")
        self._pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.flatten_annotations("print")
        self.sizes: list[Size] = []
        self._forms: list[Object] = []
        for page in pdf.pages:
            box, size = _seen(page)
            page.trimbox = Array(box)
            self.sizes.append(size)
            self._forms.append(self._pdf.copy_foreign(page.as_form_xobject()))
            self._pdf.add_blank_page(page_size=size)

    def figure(self, page: Page, size: Size) -> Object:
        return _figure(self._pdf, page, size)

    def place(self, index: int, above: float, below: float) -> None:
        share, x, y = _shrunk(self.sizes[index], above, below)
        left, bottom = _corner(self._forms[index])
        at = (x - share * left, y - share * bottom)
        self.draw(index, self._forms[index], at, share)

    def draw(self, index: int, figure: Object, at: tuple[float, float], share: float = 1.0) -> None:
        page = self._pdf.pages[index]
        name = _named(page, figure)
        place = f"{share:.5f} 0 0 {share:.5f} {at[0]:.3f} {at[1]:.3f}"
        page.contents_add(f"q {place} cm {name} Do Q\n".encode())

    def await_signature(self, name: str, box: Sequence[float]) -> None:
        _widget(self._pdf, name, box)

    def saved(self) -> bytes:
        return _saved(self._pdf, self._wish)


def _named(page: Page, figure: Object) -> Name:
    """By the order in which they come: equal files give equal copies."""
    present = page.resources.get("/XObject", Dictionary())
    count = sum(1 for name in present.keys() if name.startswith("/Copy"))  # noqa: SIM118 - it has no types
    return page.add_resource(figure, Name.XObject, Name(f"/Copy{count + 1}"))


def _numbers(nums: Any) -> dict[int, Any]:
    flat = list(nums)
    return {int(key): value for key, value in zip(flat[::2], flat[1::2], strict=True)}


def _seen(page: Page) -> tuple[list[float], Size]:
    """What viewers show of a page, in its own coordinates, and how large that is when turned."""
    media, crop = (_ordered(box) for box in (page.mediabox, page.cropbox))
    box = [max(media[0], crop[0]), max(media[1], crop[1]),
           min(media[2], crop[2]), min(media[3], crop[3])]  # fmt: skip
    if box[0] >= box[2] or box[1] >= box[3]:
        box = media
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = (box[2] - box[0]) * unit, (box[3] - box[1]) * unit
    if int(_inherited(page.obj, "/Rotate") or 0) % 180:
        width, height = height, width
    if not (_LEAST <= width <= _MOST and _LEAST <= height <= _MOST):
        raise Uncopyable(
            "page_size",
            f"Expected pages of {_LEAST / 72 * 2.54:.0f} cm to 5 m a side, but page"
            f" {page.index + 1} is {width / 72 * 2.54:.1f} × {height / 72 * 2.54:.1f} cm.",
        )
    return box, (width, height)


def _ordered(box: Any) -> list[float]:
    left, bottom, right, top = (float(edge) for edge in box)
    return [min(left, right), min(bottom, top), max(left, right), max(bottom, top)]


def _inherited(node: Object, key: str) -> Any:
    for _ in range(50):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None


def _corner(form: Object) -> tuple[float, float]:
    """Where the left bottom corner of a form lies once its own matrix has turned it."""
    left, bottom, right, top = (float(edge) for edge in form.BBox)
    a, b, c, d, e, f = (float(value) for value in form.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    return (
        min(a * x + c * y + e for x, y in corners),
        min(b * x + d * y + f for x, y in corners),
    )
