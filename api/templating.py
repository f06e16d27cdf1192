"""Templates of processes as they are offered: those of the library, and the agency's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection

import bpmn
from engine.errors import NotFound
from engine.runtime import read_xml
from office.chains.compose import compose, file_name
from office.chains.compose.sheet import COMPOSED
from office.chains.looking import check_cards
from office.chains.model import Chain
from office.chains.samples import samples
from office.modeling import rules, templates
from office.modeling.templates import Template

_DOCUMENTED = f"{rules.BPMN}process/{rules.BPMN}documentation"


@lru_cache(maxsize=1)
def shipped() -> Sequence[Template]:
    """Composed ones, and one of each folder of the library, under the ids of their processes."""
    return [*map(_composed, samples()), *_library()]


def _composed(chain: Chain) -> Template:
    files = {name: content.decode() for name, content in compose(chain).items()}
    return Template(chain.key, chain.name, chain.note, file_name(chain), files)


def _library() -> Sequence[Template]:
    folders = sorted(one for one in bpmn.path().iterdir() if any(one.glob("*.bpmn")))
    found = []
    for folder in folders:
        files = [one for one in folder.iterdir() if one.name.lower().endswith(rules.BESIDE)]
        texts = {one.name: one.read_text(encoding="utf-8") for one in sorted(files)}
        drawn = next(name for name in texts if name.endswith(".bpmn"))
        known = rules.identify(texts[drawn])
        said = read_xml(texts[drawn].encode()).findtext(_DOCUMENTED) or ""
        found.append(Template(known.key, known.name, " ".join(said.split()), drawn, texts))
    return found


def offered(db: Connection, agency_id: UUID) -> Sequence[Template]:
    return [*templates.templates(db, agency_id), *shipped()]


def find(db: Connection, agency_id: UUID, which: str) -> Template:
    """By the id of one of the agency's, or by the process id of one that is shipped."""
    found = next((one for one in shipped() if one.id == which), None)
    if found is not None:
        return found
    try:
        return templates.template(db, agency_id, UUID(which))
    except ValueError:
        raise NotFound("Expected a template, but there is none with this id.") from None


def of_cards(db: Connection, agency_id: UUID) -> Sequence[Template]:
    """Those that the composer has written, and mostly opens as cards."""
    return [one for one in offered(db, agency_id) if COMPOSED in one.files[one.file_name]]


def process_of(one: Template) -> str:
    return rules.identify(one.files[one.file_name]).key


def as_bytes(one: Template) -> dict[str, bytes]:
    return {name: text.encode() for name, text in one.files.items()}


def of_chain(chain: Chain) -> tuple[dict[str, str], str]:
    """The files of a template of these cards, and the name of the diagram. Invalid: faults."""
    check_cards(chain)
    return {name: text.decode() for name, text in compose(chain).items()}, file_name(chain)
