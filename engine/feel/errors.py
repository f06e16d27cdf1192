"""What can be wrong with an expression, each with its place in the text."""

from __future__ import annotations


class FeelError(Exception):
    """An expression cannot be used or evaluated. `code` is stable; line and column count from 1
    and are 0 where no place is known.
    """

    code = "feel_error"

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {self.message}" if self.line else self.message


class FeelSyntaxError(FeelError):
    """The text is not FEEL."""

    code = "feel_syntax"


class LimitExceeded(FeelError):
    """The expression is too long, too deep, or asked for too much work."""

    code = "feel_limit"


class UnknownVariable(FeelError):
    """A name has no value here (strict evaluation)."""

    code = "feel_unknown_variable"

    def __init__(self, name: str, line: int = 0, column: int = 0) -> None:
        super().__init__(
            f"Expected a variable {name!r}, but there is none. "
            f"Set it first, or ask with is defined({name}).",
            line,
            column,
        )
        self.name = name


class NotACondition(FeelError):
    """A condition gave something else than true or false."""

    code = "feel_not_boolean"


class UnfitValue(FeelError):
    """A value that FEEL or the store cannot hold: NUL or half a surrogate pair in text, infinity,
    a function as a result, an object of a foreign type.
    """

    code = "feel_value"


class Nothing(Exception):
    """An operation has no value for these operands: the result is null, with this reason as its
    warning. Never leaves the package.
    """
