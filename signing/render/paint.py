"""How a shape of an SVG is painted, as far as one black path cannot say it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from signing.errors import UnusableEmblem

#: what shapes take over from the groups around them, as it is where nobody says so
BARE: Mapping[str, str] = {
    "fill": "black",
    "fill-opacity": "1",
    "fill-rule": "nonzero",
    "stroke": "none",
    "visibility": "visible",
}
_GEOMETRY = frozenset(
    {"cx", "cy", "d", "height", "r", "rotate", "rx", "ry"}
    | {"scale", "transform", "translate", "width", "x", "y"}
)
_NAMES = {"black": "#000000", "currentcolor": "#000000", "white": "#ffffff"}
_SHORT = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
_TRIPLE = re.compile(r"rgb\((\d+),(\d+),(\d+)\)")
_WHITE = frozenset({"#ffffff", "rgb(100%,100%,100%)"})
_CLEAR = frozenset({"none", "transparent"})


def painted(around: Mapping[str, str], attributes: Mapping[str, str]) -> dict[str, str]:
    """What holds within an element. Raises `UnusableEmblem` (paint, transform) for what hides it
    or moves it.
    """
    said = {name: value.strip().lower() for name, value in attributes.items()}
    style = _declared(said.pop("style", ""))
    if _GEOMETRY & style.keys():
        raise UnusableEmblem("Expected shapes placed by attributes, not by style.", "transform")
    said |= style
    if said.get("display") == "none" or not _full(said.get("opacity", "1")):
        raise UnusableEmblem("Expected shapes that are seen, but this one is hidden.", "paint")
    given = {name: said[name] for name in BARE if said.get(name, "inherit") != "inherit"}
    return {**around, **given}


def colour(paint: Mapping[str, str]) -> str:
    """Of a shape that is filled, and no more. Raises `UnusableEmblem` (stroke, rule, paint)."""
    if paint["stroke"] not in _CLEAR:
        raise UnusableEmblem("Expected filled shapes, but this one has a stroke.", "stroke")
    if paint["fill-rule"] != "nonzero":
        raise UnusableEmblem("Expected the fill rule nonzero, but it is another.", "rule")
    fill = _colour(paint["fill"])
    if paint["visibility"] != "visible" or not _full(paint["fill-opacity"]) or fill in _CLEAR:
        raise UnusableEmblem("Expected filled shapes, but this one is not.", "paint")
    if fill in _WHITE:
        raise UnusableEmblem("Expected shapes on white, but this one is white.", "paint")
    return fill


def _declared(style: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in style.replace("!important", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip()}


def _full(opacity: str) -> bool:
    try:
        return float(opacity.replace("100%", "1")) >= 1
    except ValueError:
        return False


def _colour(said: str) -> str:
    said = said.replace(" ", "")
    if short := _SHORT.fullmatch(said):
        return "#" + "".join(2 * digit for digit in short.groups())
    if triple := _TRIPLE.fullmatch(said):
        return "#" + "".join(f"{min(int(part[:4]), 255):02x}" for part in triple.groups())
    return _NAMES.get(said, said)
