"""The tree of tags as PDF objects, and the way back from each mark on a page to its tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from signing.pdf.content import Content
from signing.pdf.structure import Box, Element, Mark, Widget


class Tags:
    """Writes the structure of one document; `widgets` are its form fields by name."""

    def __init__(self, pdf: Pdf, widgets: Mapping[str, Object]) -> None:
        self._pdf = pdf
        self._pages: Sequence[pikepdf.Page] = list(pdf.pages)
        self._widgets = widgets
        self._made: dict[int, Object] = {}
        self._parents: list[tuple[int, Object]] = []
        """For the parent tree: keys of widgets, which follow those of pages."""

    def write(self, root: Element, contents: Sequence[Content]) -> None:
        tree = self._pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        tree.K = self._element(root, tree)
        numbers: list[Object | int] = []
        for content, page in zip(contents, self._pages, strict=True):
            page.obj.StructParents = content.index
            page.obj.Tabs = Name.S
            marked = Array([self._made[id(element)] for element in content.marked])
            numbers.extend([content.index, self._pdf.make_indirect(marked)])
        for key, made in self._parents:
            numbers.extend([key, made])
        tree.ParentTree = self._pdf.make_indirect(Dictionary(Nums=Array(numbers)))
        tree.ParentTreeNextKey = len(contents) + len(self._parents)
        self._pdf.Root.StructTreeRoot = tree
        self._pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, element: Element, parent: Object) -> Object:
        made = self._pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{element.tag}"), P=parent)
        )
        self._made[id(element)] = made
        first = next((kid for kid in element.kids if isinstance(kid, Mark)), None)
        if first is not None:
            made.Pg = self._pages[first.page].obj
        if element.alt:
            made.Alt = String(element.alt)
        if element.box:
            made.A = _layout(element.box)
        if element.tag == "TH":
            made.A = Dictionary(O=Name.Table, Scope=Name.Column)
        if element.tag == "L":  # PDF/UA wants it where items have numbers; Thai digits are decimal
            made.A = Dictionary(O=Name.List, ListNumbering=Name.Decimal)
        kids = [self._kid(kid, made, first) for kid in element.kids if not _empty(kid)]
        # A field stands alone, not in a list: only there do checks of an earlier signature know
        # it, and take a later one's appearance for what it is.
        alone = len(element.kids) == 1 and isinstance(element.kids[0], Widget)
        made.K = kids[0] if alone else Array(kids)
        return made

    def _kid(
        self, kid: Element | Mark | Widget, parent: Object, first: Mark | None
    ) -> Object | int:
        if isinstance(kid, Element):
            return self._element(kid, parent)
        page = self._pages[kid.page].obj
        if isinstance(kid, Widget):
            widget = self._widgets[kid.name]
            key = len(self._pages) + len(self._parents)
            widget.StructParent = key
            self._parents.append((key, parent))
            return Dictionary(Type=Name.OBJR, Obj=widget, Pg=page)
        if first is not None and kid.page == first.page:
            return kid.number
        return Dictionary(Type=Name.MCR, Pg=page, MCID=kid.number)


def _empty(kid: Element | Mark | Widget) -> bool:
    return isinstance(kid, Element) and kid.empty


def _layout(box: Box) -> Dictionary:
    return Dictionary(
        O=Name.Layout, BBox=Array([round(edge, 2) for edge in box]), Placement=Name.Block
    )
