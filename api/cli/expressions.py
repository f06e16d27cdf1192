"""Commands that evaluate: one FEEL expression, one decision."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from engine import feel, jsonio
from engine.clock import SystemClock

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _inputs(file: Path | None) -> dict[str, Any]:
    """The variables in a JSON file; none where there is no file."""
    from engine.feel import values

    if file is None:
        return {}
    try:
        found = values.from_json(jsonio.loads(file.read_bytes()))
    except ValueError as wrong:
        raise click.ClickException(f"Expected JSON in {file.name}, but: {wrong}") from None
    if not isinstance(found, dict):
        raise click.ClickException(f"Expected a JSON object in {file.name}, but it is none.")
    return found


@click.command("feel")
@click.argument("expression")
@click.option("--context", type=FILE, help="A JSON object with the variables.")
def evaluate(expression: str, context: Path | None) -> None:
    """Evaluate one FEEL expression and print its value as JSON."""
    variables = _inputs(context)
    try:
        tree = feel.parse(expression, names=feel.names_of(variables))
        result = feel.evaluate(tree, variables, now=SystemClock().now(), strict=False)
    except feel.FeelError as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(1)
    _tell(result)


def _tell(result: feel.Result) -> None:
    """The value, and beside it why something in it is null."""
    from engine.feel import values

    for warning in result.warnings:
        click.echo(str(warning), err=True)
    click.echo(jsonio.dumps(values.to_json(result.value)))


def _with_neighbours(model: Path) -> dict[str, bytes]:
    """The model first, then those beside it: it may import them."""
    others = sorted(each for each in model.parent.glob("*.dmn") if each.name != model.name)
    return {each.name: each.read_bytes() for each in (model, *others)}


@click.command()
@click.argument("model", type=FILE)
@click.option("--decision", required=True, help="The decision's name or id.")
@click.option("--inputs", type=FILE, help="A JSON object with the input data.")
def dmn(model: Path, decision: str, inputs: Path | None) -> None:
    """Evaluate a decision with its requirements and print the result as JSON."""
    from engine import dmn as models

    loaded = models.load(_with_neighbours(model))
    try:
        result = loaded.result(decision, _inputs(inputs), now=SystemClock().now())
    except feel.FeelError as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(1)
    _tell(result)


COMMANDS = (evaluate, dmn)
