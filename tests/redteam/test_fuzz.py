"""Bytes that nobody thought of: each reader answers, or raises what it says that it raises.

FEEL has its own in `unit/feel/test_fuzz.py`. Many more of each run in `make nightly`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redteam import cases
from support.diagrams import both, bpmn, each, end, path, process, start, user
from support.dmn import decision, definitions, literal, table
from support.dmn import given as data
from support.feel import NOW
from support.walking import ACTIONS, Walk, compiled

from engine import dmn, feel, runtime
from engine.errors import DeploymentRefused
from engine.feel.errors import FeelError
from engine.runtime import CorruptState, codec
from engine.runtime.advance import revived
from engine.runtime.reading import Unreadable, read_xml
from forms.definition import BadForm
from forms.reading import CHOICES, INPUTS, SHOWN, VALIDATE, read
from forms.stored import StoredForms

DIAGRAM = dict(cases.hosts("true"))["condition"]
MODEL = definitions(
    data("a"), decision("d", table(["a"], ["x"], [["1", '"one"'], ["> 2", '"more"']])),
    decision("e", literal("a + 1"), needs=["input a"]),
)  # fmt: skip


def damaged(source: bytes) -> st.SearchStrategy[bytes]:
    """The source with some of its bytes cut out, doubled or replaced."""
    cut = st.tuples(st.integers(0, len(source)), st.integers(0, 60), st.binary(max_size=12))

    def apply(cuts: list[tuple[int, int, bytes]]) -> bytes:
        made = source
        for at, many, new in cuts:
            made = made[:at] + new + made[at + many :]
        return made

    return st.lists(cut, min_size=1, max_size=4).map(apply)


def read_diagram(source: bytes) -> None:
    with contextlib.suppress(Unreadable):
        read_xml(source)
    runtime.check({"a.bpmn": source}, actions=ACTIONS, forms=StoredForms())


def read_model(source: bytes) -> None:
    dmn.check({"a.dmn": source})
    with contextlib.suppress(DeploymentRefused, FeelError):
        dmn.load({"a.dmn": source}).evaluate("d", {"a": 1}, now=NOW)


def read_feel(text: str) -> None:
    for kind in ("expression", "unary", "script"):
        with contextlib.suppress(FeelError):
            tree = feel.parse(text, kind=kind)  # type: ignore[arg-type]
            feel.evaluate(tree, {"?": 1, "a": [1]}, now=NOW, strict=False)


def read_form(source: bytes) -> None:
    with contextlib.suppress(BadForm):
        read(source)
    StoredForms().check("a", source)


WALK = Walk(
    compiled(bpmn(process(
        "p", start("s"), both("f"), user("a"), user("r", each("who", "one")), end("e"),
        path("s", "f", "a", "e"), path("f", "r", "e"),
    ))),
    variables={"who": [1, "x"]},
)  # fmt: skip
BODY = WALK.last.state[5:]


def read_state(body: bytes) -> None:
    """With a checksum that is right, as if it were made on purpose."""
    sha256 = WALK.bundle.sha256
    state = bytes([codec.VERSION]) + codec._crc(body, "one", sha256) + body
    for stored in (state, body):
        with contextlib.suppress(CorruptState):
            revived(WALK.bundle, stored, WALK.last.variables, WALK.around)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from(["=a", "=a >", "=__import__('os')", "([", "email"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["label", "value", "hide", "widget", "columns", "a"]), inner,
                      max_size=3),
    max_leaves=6,
)  # fmt: skip
_NAMES = st.sampled_from([
    "key", "label", "id", "validate", "properties", "values", "valuesKey", "conditional", "layout",
    "appearance", "disabled", "readonly", "subtype", "components", "path", "defaultValue", "text",
    "description", "decimalDigits", "disallowPassedDates", "dateLabel",
])  # fmt: skip
_COMPONENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted({*INPUTS, *SHOWN, *CHOICES}))},
    optional={
        "key": st.sampled_from(["a", "b", "c"]),
        "validate": st.dictionaries(st.sampled_from(sorted(VALIDATE)), _JSON, max_size=3),
    },
)
_FORMS = st.tuples(
    st.lists(st.tuples(_COMPONENTS, st.dictionaries(_NAMES, _JSON, max_size=4)), max_size=4)
).map(
    lambda drawn: msgspec.json.encode(
        {"components": [{**extra, **component} for component, extra in drawn[0]]}
    )
)
_PACKED = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=16)
    | st.text(max_size=8) | st.sampled_from(["s", "f", "a", "r"])
    | st.builds(msgspec.msgpack.Ext, st.integers(0, 6), st.binary(max_size=8))
    | st.binary(min_size=16, max_size=16),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)  # fmt: skip
_ROW = st.tuples(st.binary(min_size=16, max_size=16), st.integers(-1, 3) | _PACKED,
                 st.integers(0, 2) | _PACKED, st.sampled_from([4, 16, 32]) | _PACKED,
                 st.just(0) | _PACKED)  # fmt: skip
_STATES = st.one_of(
    damaged(BODY),
    _PACKED.map(msgspec.msgpack.encode),
    st.tuples(st.lists(st.sampled_from(["s", "f", "a", "r"]) | _PACKED, max_size=3),
              st.lists(_ROW | _PACKED, max_size=4)).map(msgspec.msgpack.encode),
    st.sampled_from([b"\x91" * 100_000, b"\x81" * 100_000]),
)  # fmt: skip

TARGETS: dict[str, tuple[Callable[[Any], None], st.SearchStrategy[Any]]] = {
    "diagram": (read_diagram, damaged(DIAGRAM) | st.binary()),
    "model": (read_model, damaged(MODEL) | st.binary()),
    "feel": (read_feel, st.text() | damaged(b'{a: [1, 2][item > 1], b: "x" + "y"}').map(
        lambda source: source.decode(errors="replace"))),
    "form": (read_form, _FORMS | st.binary() | _JSON.map(msgspec.json.encode)),
    "state": (read_state, _STATES),
}  # fmt: skip


def fuzz(target: str, examples: int) -> None:
    reads, sources = TARGETS[target]

    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(sources)
    def run(source: Any) -> None:
        reads(source)

    run()


@pytest.mark.parametrize("target", TARGETS)
def test_only_declared_errors_come_out(target: str):
    fuzz(target, 150)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_only_declared_errors_come_out_at_length(target: str):
    fuzz(target, 6_000)
