"""Models that are wrong or hostile: located problems, and no harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.dmn import decide, decision, definitions, given, literal, table
from support.feel import NOW
from support.work import work

from engine import dmn
from engine.errors import DeploymentRefused
from engine.feel import FeelError, FeelSyntaxError, LimitExceeded


def _codes(source: bytes) -> set[str]:
    return {problem.code for problem in dmn.check({"t.dmn": source})}


def _only(source: bytes) -> str:
    (problem,) = dmn.check({"t.dmn": source})
    return f"{problem.line} {problem.element} {problem.code}"


def test_a_good_model_has_no_problems() -> None:
    rules = [("> 1", "x"), ("-", "item count + 1")]
    made = table(["x"], ["y"], rules, "FIRST")
    good = definitions(
        given("x"), given("item count"),
        decision("d", made, needs=["input x", "input item count"]),
    )  # fmt: skip
    assert dmn.check({"t.dmn": good, "other.bpmn": b"<not dmn"}) == []
    assert dmn.check({"other.bpmn": b""}) == []


def test_what_is_not_feel_is_told_with_its_line() -> None:
    source = definitions("", decision("d", literal("\n\n1 +")))
    (problem,) = dmn.check({"t.dmn": source})
    assert (problem.file, problem.line, problem.element) == ("t.dmn", 5, "id_d")
    assert problem.code == "feel_syntax"
    assert decide(source, "d") is None
    with pytest.raises(FeelSyntaxError):
        dmn.load({"t.dmn": source}).evaluate("d", {}, now=NOW, strict=True)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([decision("d", literal("missing + 1")), given("x")], "2 d unknown_variable"),
        ([decision("d", literal("missing(1)"))], "2 d unknown_variable"),
        ([decision("d", literal("1"), needs=["input gone"])], "2 d unknown_reference"),
        ([decision("d", "")], "2 d no_logic"),
        ([decision("d", literal("1"), type_="tGone")], "2 d unknown_type"),
        ([decision("d", literal("1 instance of tGone"))], "2 d unknown_type"),
        ([given("x"), given("x")], "3 id_x duplicate_id"),
        (['<import namespace="urn:gone" name="g" '
          'importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'], "1 g missing_import"),
        ([decision("d", table(["1"], ["y"], [], "WHATEVER"))], "2 id_d unsupported"),
        ([decision("d", table(["1"], [], []))], "2 id_d unsupported"),
        ([decision("d", table(["1"], ["y"], [("-", "1", "2")]))], "2 id_d unsupported"),
        ([decision("d", table(["1"], ["y", "y"], []))], "2 d output_names"),
        ([decision("d", table([""], ["y"], []))], "2 id_d no_input_expression"),
        ([decision("d", '<literalExpression expressionLanguage="urn:python"><text>1</text>'
                   "</literalExpression>")], "2 id_d unsupported"),
        ([decision("d", '<functionDefinition kind="Java"><formalParameter name="x"/>'
                   "</functionDefinition>")], "2 id_d unsupported"),
    ],
)  # fmt: skip
def test_problem(parts: list[str], expected: str) -> None:
    assert _only(definitions(*parts)) == expected


def test_two_files_with_one_namespace() -> None:
    files = {
        "a.dmn": definitions(decision("d", literal("1"))),
        "b.dmn": definitions(decision("d", literal("2"))),
    }
    assert [(each.file, each.code) for each in dmn.check(files)] == [
        ("b.dmn", "duplicate_namespace")
    ]
    assert decide(files, "d") == 1


def test_a_circle_of_requirements() -> None:
    source = definitions(
        decision("a", literal("b"), needs=["decision b"]),
        decision("b", literal("a"), needs=["decision a"]),
    )
    assert _codes(source) == {"requirement_cycle"}
    assert decide(source, "a") is None


_ATTACKS = [
    "__import__('os').system('touch ./pwned')",
    '1) or ("a" = "a"',
    "().__class__.__base__.__subclasses__()",
    'open("/etc/passwd").read()',
]


@pytest.mark.parametrize("attack", _ATTACKS)
def test_code_in_a_table_is_never_run(
    attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for made in (
        table([attack], ["y"], [("0", "1")]),
        table(["1"], ["y"], [(attack, "1")]),
        table(["1"], ["y"], [("1", attack)]),
    ):
        source = definitions(decision("d", made))
        assert _codes(source) & {"feel_syntax", "unknown_variable"}
        assert decide(source, "d") is None
    assert list(tmp_path.iterdir()) == []


_HEAD = '<?xml version="1.0"?>'
_LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n + 1} "&a{n};&a{n};">' for n in range(40))
    + "]>"
)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (_HEAD + '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
         "doctype_not_allowed"),
        (_HEAD + '<!DOCTYPE d SYSTEM "http://127.0.0.1:1/x.dtd"><d/>', "doctype_not_allowed"),
        (_HEAD + _LAUGHS + "<d>&a40;</d>", "doctype_not_allowed"),
        ("<d>&x;</d>", "not_xml"),
        ("<a>" * 3000 + "</a>" * 3000, "not_xml"),
        ("<a>" * 150 + "</a>" * 150, "file_too_complex"),
        ("<d>" + "<a/>" * 25_000 + "</d>", "file_too_complex"),
        ("<d>" + "x" * 2_100_000 + "</d>", "file_too_large"),
        ("<d", "not_xml"),
        ("", "not_xml"),
        ("<html/>", "not_dmn"),
        ('<definitions xmlns="urn:other"/>', "not_dmn"),
    ],
)  # fmt: skip
def test_hostile_file(source: str, code: str) -> None:
    with work() as done:
        (problem,) = dmn.check({"t.dmn": source.encode()})
    assert problem.code == code
    assert done.seconds < 0.5
    with pytest.raises(DeploymentRefused):
        dmn.load({"t.dmn": source.encode()})


def test_other_encodings_are_refused() -> None:
    source = '<?xml version="1.0" encoding="utf-16"?><d/>'
    for encoding in ("utf-16", "utf-16-le", "utf-8"):
        (problem,) = dmn.check({"t.dmn": source.encode(encoding)})
        assert problem.code == "not_utf8"
    hidden = source.replace(" encoding", " " * 500 + "encoding").replace("utf-16", "utf-7")
    (problem,) = dmn.check({"t.dmn": hidden.encode()})
    assert problem.code == "not_utf8"


def test_a_model_that_asks_for_too_much_stops() -> None:
    loop = definitions(decision("d", literal("count(for i in 1..99999, j in 1..99999 return 1)")))
    with work() as done, pytest.raises(LimitExceeded):
        decide(loop, "d")
    assert done.seconds < 3


def test_a_chain_without_end_stops() -> None:
    chain = [decision("d0", literal("1"))]
    chain += [
        decision(f"d{n}", literal(f"d{n - 1}"), needs=[f"decision d{n - 1}"])
        for n in range(1, 2000)
    ]
    with pytest.raises(FeelError):
        decide(definitions(*chain), "d1999")


def test_too_many_rows() -> None:
    made = table(["1"], ["y"], [("-", "1")] * 2_001)
    assert "unsupported" in _codes(definitions(decision("d", made)))
