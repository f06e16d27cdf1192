"""How an agency and its units stand on their letters, where that differs from the organisation's
own words; and the agency's emblem. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

#: the keys under which they lie in an agency's policy
LETTERHEADS, EMBLEM = "letterheads", "emblem"
#: stands for the whole agency among the codes of units
AGENCY = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Lines as they are printed; none: what the organisation says of itself.

    `name` of a department (or of the agency) stands at the head, of another unit at the foot
    under ส่วนราชการเจ้าของเรื่อง. `address` stands below the head's name, `contact` below all
    else at the foot.
    """

    name: Sequence[str] = ()
    address: Sequence[str] = ()
    contact: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        return {name: list(lines) for name, lines in asdict(self).items() if lines}


@dataclass(frozen=True, slots=True)
class Heading:
    """What one letter prints: `name` and `address` at its head, `unit` and `contact` at its foot;
    `emblem` is the hash of its artwork in storage.
    """

    name: Sequence[str] = ()
    address: Sequence[str] = ()
    unit: Sequence[str] = ()
    contact: Sequence[str] = ()
    emblem: str | None = None


def letterheads(policy: Mapping[str, Any]) -> dict[str, Letterhead]:
    """By code of unit; `AGENCY` for what holds wherever no unit says otherwise."""
    return {code: Letterhead(**said) for code, said in (policy.get(LETTERHEADS) or {}).items()}


def heading(policy: Mapping[str, Any], way: Sequence[str], department: str) -> Heading:
    """`way` are the codes from the unit that sends up to the top; the nearest that says something
    is followed, the agency's own words last.
    """
    known = letterheads(policy)
    here = [known[code] for code in (*way, AGENCY) if code in known]
    top = [known[code] for code in (department, AGENCY) if code in known]
    own = known.get(way[0]) if way and way[0] != department else None
    return Heading(
        name=_first([one.name for one in top]),
        address=_first([one.address for one in here]),
        unit=own.name if own else (),
        contact=_first([one.contact for one in here]),
        emblem=(policy.get(EMBLEM) or {}).get("sha256"),
    )


def _first(found: Sequence[Sequence[str]]) -> Sequence[str]:
    return next((lines for lines in found if lines), ())


def printed(one: Heading, words: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """`one` as a document prints it: what its drafter wrote differently from `known`, which is
    what the organisation says, stays as written.
    """
    kept = replace(
        one,
        name=one.name if _same(words, known, "owner_agency") else (),
        address=one.address if _same(words, known, "address") else (),
        unit=one.unit if _same(words, known, "owner_unit") else (),
    )
    return {name: value for name, value in asdict(kept).items() if value}


def _same(words: Mapping[str, Any], known: Mapping[str, Any], name: str) -> bool:
    return _bare(words.get(name)) in {_bare(one) for one in known[name]}


def _bare(text: str | None) -> str:
    return "".join((text or "").split())
