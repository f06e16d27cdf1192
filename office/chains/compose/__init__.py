"""A chain as the files of a deployment: its diagram, drawn neatly, its forms, its decisions."""

from __future__ import annotations

from office.chains.compose.drawing import Drawing
from office.chains.compose.forms import forms
from office.chains.compose.sheet import document, new_sheet, say
from office.chains.matrix.tables import tables
from office.chains.model import Chain

__all__ = ["compose", "diagram", "file_name"]


def compose(chain: Chain) -> dict[str, bytes]:
    """Files by name. Expects a chain in which `rules.faults` finds nothing."""
    return {file_name(chain): diagram(chain), **dict(forms(chain)), **dict(tables(chain))}


def file_name(chain: Chain) -> str:
    return f"{chain.key}.bpmn"


def diagram(chain: Chain) -> bytes:
    sheet = new_sheet(chain.key, chain.name)
    document(sheet.process, chain.note)
    if chain.title:
        say(sheet.process, "title", value=f"={chain.title}")
    if chain.letter:
        say(sheet.process, "start", internal="true")
    elif chain.fields or chain.start_role:
        form = {"form": chain.start_form} if chain.fields else {}
        role = {"role": chain.start_role} if chain.start_role else {}
        say(sheet.process, "start", **form, **role)
    Drawing(chain, sheet).all()
    return sheet.finish()
