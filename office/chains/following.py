"""The version that would come of cards: what publishing makes, and what is looked at before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Invalid
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from office.chains.compose import compose
from office.chains.errors import NotComposable
from office.chains.looking import check_cards
from office.chains.model import Chain
from office.chains.reading import FORM, read
from office.modeling import cases
from office.modeling.cases import ENDING as TESTS


def newest(db: Connection, agency_id: UUID, key: str) -> DefinitionRow | None:
    """The version that the next one comes after."""
    return next(iter(definitions.latest(db, agency_id, key)), None)


def composed(
    db: Connection,
    agency_id: UUID,
    chain: Chain,
    before: DefinitionRow | None,
    *,
    without_tests: bool = False,
) -> Mapping[str, bytes]:
    """All files of the version that would come after `before`, by name: those of the cards, and
    its tests and its forms that no card uses. Invalid: the cards have faults.
    """
    check_cards(chain)
    if before is None:
        return compose(chain)
    found = definitions.files(db, agency_id, UUID(before.id))
    return {**_kept(found, before, without_tests=without_tests), **compose(chain)}


def says(files: Mapping[str, bytes], chain: Chain) -> bool:
    """Whether a version is these cards: so it is after its tests were mended in the designer."""
    try:
        return read(files, chain.key) == chain
    except NotComposable:
        return False


def tests_of(files: Mapping[str, bytes]) -> Sequence[str]:
    """What the tests of a version are called, at most 200 characters each; of a file that is no
    list of tests, the file's name.
    """
    found: list[str] = []
    for name in sorted(files):
        if name.endswith(TESTS):
            try:
                found += [one.name[:200] for one in cases.read(files[name])]
            except Invalid:
                found.append(name)
    return found


def cards_of(db: Connection, agency_id: UUID, version: DefinitionRow) -> Chain | None:
    """A version as cards; None where cards cannot say it."""
    try:
        return read(definitions.files(db, agency_id, UUID(version.id)), version.key)
    except NotComposable:
        return None


def _kept(
    found: Mapping[str, bytes], before: DefinitionRow, *, without_tests: bool
) -> Mapping[str, bytes]:
    """What the version before has beside what cards say: tests, and forms that no step uses."""
    try:
        said = compose(read(found, before.key))
    except NotComposable:
        said = {name: b"" for name in found if not name.endswith(TESTS)}
    kept = (TESTS,) if not without_tests else ()
    return {
        name: content
        for name, content in found.items()
        if name not in said and name.endswith((FORM, *kept))
    }
