"""From the JSON of a form-js schema to components: the subset that forms can do, nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine import jsonio
from forms import rules
from forms.conditions import BadCondition, Condition
from forms.definition import BadForm, Component, Finding, Option, Rules
from forms.files import KINDS, kinds_of

#: form-js type: what it becomes here. "button" is drawn by the page, from the task's outcomes.
INPUTS = {
    "textfield": "line", "textarea": "lines", "number": "number", "checkbox": "check",
    "radio": "radio", "select": "select", "checklist": "checks", "taglist": "tags",
    "datetime": "date", "filepicker": "files",
}  # fmt: skip
SHOWN = {"text": "note", "group": "group", "separator": "rule", "spacer": "rule"}
IGNORED = frozenset({"button"})
#: `properties.widget` of a textfield: the kind that is drawn instead.
WIDGETS = {
    "person": "person", "people": "people", "org-unit": "unit", "attachment": "attachment",
    "be-date": "date", "thai-id": "citizen",
}  # fmt: skip
#: read and drawn, as a text, where a form that is in use has it; a new one may not: it takes no
#: files, and whoever fills it in believes that it does
WITHDRAWN = frozenset({"attachment"})
CHOICES = frozenset({"radio", "select", "checks", "tags"})
VALIDATE = frozenset({
    "required", "min", "max", "minLength", "maxLength", "pattern", "validationType",
})  # fmt: skip
MOST_COMPONENTS = 500
DEEPEST = 8
MOST_OPTIONS = 1000

_KEY = re.compile(r"[^\W\d]\w*")
_COLUMNS = range(1, 17)


def read(source: bytes, *, new: bool = False) -> tuple[Component, ...]:
    """The components of a definition; BadForm tells every finding, with its JSON pointer.

    `new`: it is to be deployed, so that what is withdrawn is refused.
    """
    reader = _Reader(new=new)
    components = reader.form(_json(source))
    if reader.findings:
        raise BadForm(reader.findings)
    return components


def _json(source: bytes) -> Any:
    try:
        return jsonio.loads(source)
    except ValueError as wrong:
        raise BadForm([Finding("", f"Expected JSON, but {wrong}.", "Mend the syntax.")]) from None


class _Reader:
    """Walks the JSON once, collecting findings instead of stopping at the first."""

    def __init__(self, *, new: bool = False) -> None:
        self._new = new
        self.findings: list[Finding] = []
        self._keys: dict[str, str] = {}
        self._count = 0

    def form(self, data: Any) -> tuple[Component, ...]:
        if not isinstance(data, dict) or not isinstance(data.get("components"), list):
            self._find("", "Expected an object with a list of components, but there is none.",
                       'Draw the form in the editor, or add "components": [].')  # fmt: skip
            return ()
        return tuple(self._components(data["components"], "/components", 0))

    def _find(self, pointer: str, message: str, mend: str) -> None:
        self.findings.append(Finding(pointer, message, mend))

    def _components(self, raw: list[Any], pointer: str, depth: int) -> Iterator[Component]:
        if depth > DEEPEST:
            self._find(pointer, f"Expected groups at most {DEEPEST} deep.", "Flatten the groups.")
            return
        for index, item in enumerate(raw):
            self._count += 1
            if self._count == MOST_COMPONENTS + 1:
                self._find(pointer, f"Expected at most {MOST_COMPONENTS} components.", "Split it.")
            if self._count > MOST_COMPONENTS:
                return
            if (found := self._component(item, f"{pointer}/{index}", depth)) is not None:
                yield found

    def _component(self, raw: Any, pointer: str, depth: int) -> Component | None:
        kind = raw.get("type") if isinstance(raw, dict) else None
        if isinstance(kind, str) and kind in IGNORED:
            return None
        # A list or an object cannot be looked up at all.
        if not isinstance(kind, str) or (kind not in INPUTS and kind not in SHOWN):
            self._find(f"{pointer}/type",
                       f"Expected a component that is known, but found {kind!r:.60}.",
                       f"Use one of {', '.join(sorted([*INPUTS, *SHOWN]))}.")  # fmt: skip
            return None
        return Component(
            kind=self._kind(raw, pointer),
            id=str(raw.get("id") or pointer.strip("/").replace("/", "-")),
            pointer=pointer,
            key=self._key(raw, pointer) if kind in INPUTS else None,
            label=self._text(raw, "label", pointer) or self._text(raw, "dateLabel", pointer),
            description=self._text(raw, "description", pointer),
            text=self._text(raw, "text", pointer),
            rules=self._rules(raw, pointer),
            hide=self._hide(raw, pointer),
            read_only=self._flag(raw, "disabled", pointer) or self._flag(raw, "readonly", pointer),
            default=raw.get("defaultValue"),
            children=tuple(self._children(raw, pointer, depth)),
            **self._choices(raw, pointer),
            **self._files(raw, pointer),
            **self._look(raw, pointer),
        )

    def _children(self, raw: dict[str, Any], pointer: str, depth: int) -> Iterator[Component]:
        if raw["type"] != "group":
            return iter(())
        if raw.get("path"):
            self._find(f"{pointer}/path", "Expected fields that set variables of their own names,"
                       " but this group nests them.", "Remove the group's path.")  # fmt: skip
        children = raw.get("components", [])
        return self._components(
            children if isinstance(children, list) else [], f"{pointer}/components", depth + 1
        )

    def _kind(self, raw: dict[str, Any], pointer: str) -> str:
        if raw["type"] == "datetime" and raw.get("subtype", "date") != "date":
            self._find(f"{pointer}/subtype", f"Expected a date, but found {raw['subtype']!r:.40}.",
                       'Use "subtype": "date".')  # fmt: skip
        widget = _mapping(raw, "properties").get("widget")
        if widget is None:
            return INPUTS.get(raw["type"]) or SHOWN[raw["type"]]
        known = isinstance(widget, str) and widget in WIDGETS
        if raw["type"] != "textfield" or not known:
            self._find(f"{pointer}/properties/widget",
                       f"Expected a known widget of a textfield, but found {widget!r:.40}.",
                       f"Use one of {', '.join(w for w in WIDGETS if w not in WITHDRAWN)}."
                       )  # fmt: skip
            return "line"
        if self._new and widget in WITHDRAWN:
            self._find(f"{pointer}/properties/widget",
                       "Expected a field that takes what it asks for, but this one takes a text.",
                       "Draw a field for files (filepicker) in its place, or remove its widget: it"
                       " asks for a text then.")  # fmt: skip
        return WIDGETS[widget]

    def _key(self, raw: dict[str, Any], pointer: str) -> str | None:
        key = raw.get("key")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            self._find(f"{pointer}/key", f"Expected the name of a variable, but found {key!r:.60}.",
                       "Use letters, digits and _, beginning with a letter.")  # fmt: skip
            return None
        if key in self._keys:
            self._find(f"{pointer}/key", f"Expected each key once, but {key} is also at"
                       f" {self._keys[key]}.", "Rename one of them.")  # fmt: skip
        self._keys[key] = pointer
        return key

    def _text(self, raw: dict[str, Any], name: str, pointer: str) -> str:
        value = raw.get(name, "")
        if isinstance(value, str):
            return value
        self._find(f"{pointer}/{name}", "Expected text.", "Write it as a string.")
        return ""

    def _flag(self, raw: dict[str, Any], name: str, pointer: str) -> bool | Condition:
        value = raw.get(name, False)
        if isinstance(value, bool):
            return value
        return self._condition(value, f"{pointer}/{name}") or False

    def _hide(self, raw: dict[str, Any], pointer: str) -> Condition | None:
        condition = raw.get("conditional")
        if condition is None:
            return None
        if not isinstance(condition, dict) or set(condition) - {"hide"}:
            self._find(f"{pointer}/conditional", "Expected an object with only hide.",
                       'Write {"hide": "=condition"}.')  # fmt: skip
            return None
        hide = condition.get("hide")
        return None if hide in (None, "") else self._condition(hide, f"{pointer}/conditional/hide")

    def _condition(self, value: Any, pointer: str) -> Condition | None:
        if not isinstance(value, str) or not value.startswith("="):
            self._find(pointer, f"Expected FEEL after =, but found {value!r:.60}.", "Begin with =.")
            return None
        try:
            return Condition.parse(value[1:])
        except BadCondition as wrong:
            self._find(pointer, f"Expected valid FEEL, but {wrong}.", "Mend the expression.")
            return None

    def _choices(self, raw: dict[str, Any], pointer: str) -> dict[str, Any]:
        if INPUTS.get(raw["type"]) not in CHOICES:
            return {}
        if isinstance(raw.get("valuesKey"), str):
            return {"options_from": raw["valuesKey"]}
        options, values = [], raw.get("values")
        values = values if isinstance(values, list) else []
        if len(values) > MOST_OPTIONS:
            self._find(f"{pointer}/values", f"Expected at most {MOST_OPTIONS:,} options, but there"
                       f" are {len(values):,}.", "Give valuesKey with a variable that holds them."
                       )  # fmt: skip
        for index, item in enumerate(values[:MOST_OPTIONS]):
            if isinstance(item, dict) and isinstance(item.get("value"), str) and item["value"]:
                options.append(Option(item["value"], str(item.get("label") or item["value"])))
            else:
                self._find(f"{pointer}/values/{index}", "Expected an option with a text value.",
                           'Write {"value": "…", "label": "…"}.')  # fmt: skip
        if not options:
            self._find(f"{pointer}/values", "Expected options, but there are none.",
                       "Give values, or valuesKey with the variable that holds them.")  # fmt: skip
        elif len({option.value for option in options}) < len(options):
            self._find(f"{pointer}/values", "Expected each value once.", "Remove the repeated one.")
        return {"options": tuple(options)}

    def _files(self, raw: dict[str, Any], pointer: str) -> dict[str, Any]:
        if raw["type"] != "filepicker":
            return {}
        accept, several = self._text(raw, "accept", pointer), raw.get("multiple", False)
        if not isinstance(several, bool):
            self._find(f"{pointer}/multiple",
                       f"Expected true or false, but found {several!r:.60}.",
                       "Change it.")  # fmt: skip
        try:
            kinds_of(accept)
        except ValueError as wrong:
            self._find(f"{pointer}/accept",
                       f"Expected kinds of files that are taken, but found {str(wrong)!r:.60}.",
                       f"Use some of {', '.join('.' + kind for kind in KINDS)}.")  # fmt: skip
            accept = ""
        return {"accept": accept, "several": several is True}

    def _look(self, raw: dict[str, Any], pointer: str) -> dict[str, Any]:
        adorners, layout = _mapping(raw, "appearance"), _mapping(raw, "layout")
        columns = layout.get("columns")
        if columns is not None and columns not in _COLUMNS:
            self._find(f"{pointer}/layout/columns", "Expected 1 to 16 columns.", "Change it.")
            columns = None
        return {
            "columns": columns,
            "rows": 4 if raw["type"] == "textarea" else None,
            "prefix": str(adorners.get("prefixAdorner") or ""),
            "suffix": str(adorners.get("suffixAdorner") or ""),
            "properties": {str(k): str(v) for k, v in _mapping(raw, "properties").items()},
        }

    def _rules(self, raw: dict[str, Any], pointer: str) -> Rules:
        given, at = _mapping(raw, "validate"), f"{pointer}/validate"
        for name in sorted(set(given) - VALIDATE):
            self._find(f"{at}/{name}", f"Expected a known rule, but found {name!r:.40}.",
                       f"Use {', '.join(sorted(VALIDATE))}.")  # fmt: skip
        return Rules(
            required=self._rule(given, "required", at, rules.truth) or False,
            least=self._bound(given, "min", at),
            most=self._bound(given, "max", at),
            shortest=self._rule(given, "minLength", at, rules.count),
            longest=self._rule(given, "maxLength", at, rules.count),
            pattern=self._rule(given, "pattern", at, rules.regex),
            looks_like=self._rule(given, "validationType", at, rules.looks),
            decimals=self._rule(raw, "decimalDigits", pointer, rules.count),
            not_past=self._rule(raw, "disallowPassedDates", pointer, rules.truth) or False,
        )

    def _rule(
        self, given: Mapping[str, Any], name: str, at: str, convert: Callable[[Any], Any]
    ) -> Any:
        value = given.get(name)
        if value is None or value == "":
            return None
        try:
            return convert(value)
        except ValueError as wrong:
            self._find(f"{at}/{name}", f"Expected {wrong}, but found {value!r:.60}.", "Change it.")
            return None

    def _bound(self, given: Mapping[str, Any], name: str, at: str) -> Any:
        value = given.get(name)
        if isinstance(value, str) and value.startswith("="):
            return self._condition(value, f"{at}/{name}")
        return self._rule(given, name, at, rules.number)


def _mapping(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = raw.get(name)
    return found if isinstance(found, dict) else {}
