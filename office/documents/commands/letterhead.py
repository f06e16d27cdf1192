"""How an agency stands on its letters: lines of its own, its emblem, its words of greeting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.bus import Answer, Context
from engine.errors import FieldError, Invalid
from engine.ids import parse_id
from office.documents.greetings import FORMS, forms
from office.documents.letterheads import AGENCY, EMBLEM, LETTERHEADS, Letterhead
from office.documents.policy import GREETINGS
from office.documents.reading import read_lines
from office.files import blobs
from office.files.uploads import StoredFile
from office.people import queries as people
from office.people.commands.policy import choose, hold_policy
from office.people.history import record
from office.people.rights import demand

#: lines of one part, and how long each may be; units that say something of their own
MOST_LINES, LONGEST, MOST_UNITS = 5, 120, 100
_HELD = "emblem"


@dataclass(frozen=True, slots=True)
class SetLetterhead:
    """Replace the lines of a unit (its code), or of the whole agency (""); no lines at all: as the
    organisation says. Right: registry. What is signed stays as it was. Answer: {unit, name,
    address, contact}.
    """

    unit: str = AGENCY
    name: Sequence[str] = ()
    address: Sequence[str] = ()
    contact: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SetEmblem:
    """Print this emblem from now on, or the neutral placeholder (None). The file comes from
    `emblems.keep_emblem`. Right: registry. Answer: {sha256}.
    """

    file: StoredFile | None


@dataclass(frozen=True, slots=True)
class SetGreetings:
    """Replace the words of greeting and closing: {honour, common, monk}, each {salutation, closing,
    purpose}. What is left out, or empty, is the regulation's. Right: registry. Answer: all forms.
    """

    forms: Mapping[str, Mapping[str, str]]


def set_letterhead(command: SetLetterhead, ctx: Context) -> Answer:
    demand(ctx.actor, "registry")
    agency_id = ctx.actor.agency_id
    if command.unit != AGENCY:
        people.unit(ctx.db, agency_id, command.unit)
    new = Letterhead(*(_lines(command, name) for name in ("name", "address", "contact")))

    def change(known: dict[str, Any]) -> dict[str, Any]:
        others = {code: said for code, said in known.items() if code != command.unit}
        if new.as_json() and len(others) >= MOST_UNITS:
            raise _refused("unit", f"Expected at most {MOST_UNITS} units.", "too_many_units")
        return {**others, command.unit: new.as_json()} if new.as_json() else others

    was, now = _change(ctx, LETTERHEADS, change)
    before = Letterhead(**was.get(command.unit, {}))
    if was != now:
        told = {name: " / ".join(lines) for name, lines in asdict(new).items()}
        old = {name: " / ".join(lines) for name, lines in asdict(before).items()}
        changed = [name for name in told if told[name] != old[name]]
        record(
            ctx,
            "letterhead.changed",
            agency_id,
            unit=command.unit or None,
            **{name: told[name] for name in changed},
            was={name: old[name] for name in changed},
        )
    return {"unit": command.unit, **asdict(new)}


def set_emblem(command: SetEmblem, ctx: Context) -> Answer:
    demand(ctx.actor, "registry")
    file = command.file
    sha256 = file.sha256 if file else None

    def change(known: dict[str, Any]) -> dict[str, Any]:
        if known.get("sha256") == sha256:
            return known
        if known:
            blobs.let_go(ctx, parse_id(known["blob_id"], "file"))
        if file is None:
            return {}
        held = str(blobs.insert(ctx, file, held_by=_HELD))
        return {"sha256": file.sha256, "media_type": file.media_type, "blob_id": held}

    was, now = _change(ctx, EMBLEM, change)
    if was != now:
        old = {"emblem": was["sha256"][:16]} if was else {"emblem": None}
        record(ctx, "emblem.changed", ctx.actor.agency_id, emblem=(sha256 or "")[:16], was=old)
    return {"sha256": sha256}


def set_greetings(command: SetGreetings, ctx: Context) -> Answer:
    demand(ctx.actor, "registry")
    strangers = [key for key in command.forms if key not in FORMS]
    if strangers:
        message = f"Expected forms of {', '.join(FORMS)}, but got {strangers[0]:.40}."
        raise _refused("forms", message, "unknown")
    own = {key: words for key in FORMS if (words := _own(key, command.forms.get(key, {})))}
    was, now = _change(ctx, GREETINGS, lambda _: own)
    if was != now:
        told, old = _told(now), _told(was)
        changed = [key for key in FORMS if told[key] != old[key]]
        record(
            ctx,
            "greetings.reworded",
            ctx.actor.agency_id,
            **{key: told[key] for key in changed},
            was={key: old[key] for key in changed},
        )
    return {key: asdict(one) for key, one in forms(now).items()}


def _told(said: Mapping[str, Any]) -> dict[str, str]:
    return {key: " / ".join(asdict(one).values()) for key, one in forms(said).items()}


def _own(key: str, words: Mapping[str, str]) -> dict[str, str]:
    """What differs from the regulation's."""
    law = asdict(FORMS[key])
    own = {}
    for name, due in law.items():
        said = words.get(name)
        if said is None or not said.strip():
            continue
        clean = _short(f"{key}.{name}", [said])[0]
        if clean != due:
            own[name] = clean
    return own


def _lines(command: SetLetterhead, name: str) -> list[str]:
    lines = list(getattr(command, name))
    if len(lines) > MOST_LINES:
        raise _refused(name, f"Expected at most {MOST_LINES} lines.", "too_many_lines")
    return _short(name, lines)


def _short(path: str, lines: list[str]) -> list[str]:
    read = read_lines(path, lines)
    if any(len(line) > LONGEST or "\n" in line for line in read):
        raise _refused(path, f"Expected lines of at most {LONGEST} characters.", "too_long")
    return read


def _change(
    ctx: Context, key: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """One key of the agency's policy, before and after."""
    policy = hold_policy(ctx)
    was = dict(policy.get(key) or {})
    now = change(was)
    if now != was:
        choose(ctx, policy, key, now)
    return was, now


def _refused(path: str, message: str, code: str) -> Invalid:
    return Invalid(f"{path}: {message}", [FieldError(path, message, code)])
