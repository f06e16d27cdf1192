"""What compiled code is, and how it reports that there is no value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.errors import Nothing, UnknownVariable
from engine.feel.numeric import NoNumber
from engine.feel.scope import Frame, Run
from engine.feel.syntax import Node, Place

#: A compiled expression: from the names around it to its value.
Code = Callable[[Frame], Any]
#: Compiles an inner node.
Compile = Callable[[Node], Code]


def complain(run: Run, place: Place, reason: object) -> Any:
    """Null in place of a value, with a warning that tells why."""
    run.warn(str(reason), place.line, place.column)
    return None


def attempt(run: Run, place: Place, operation: Callable[..., Any], *operands: Any) -> Any:
    """The operation's value, or null with a warning where it has none."""
    try:
        return operation(*operands)
    except Nothing as reason:
        return complain(run, place, reason)
    except NoNumber:
        return complain(run, place, "Expected a number that 34 digits can hold.")


def quietly(code: Code) -> Code:
    """The same code where a name may be unknown: null then, and no warning."""

    def quiet(frame: Frame) -> Any:
        notices = frame.run.notices
        before = len(notices)
        try:
            return code(frame)
        except UnknownVariable:
            return None
        finally:
            del notices[before:]

    return quiet
