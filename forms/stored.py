"""The engine's port for forms (`engine.ports.Forms`), over stored definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.ports import CleanForm, FilesOf, FormProblem
from forms.definition import BadForm
from forms.form import compile_form
from forms.reading import read


class StoredForms:
    """Definitions come as bytes; compiled ones are cached for the life of the process."""

    def check(self, name: str, source: bytes) -> Sequence[tuple[str, str, str]]:  # noqa: ARG002 - the port's signature
        try:
            read(source, new=True)
        except BadForm as bad:
            return [(found.pointer, found.message, found.mend) for found in bad.findings]
        return []

    def clean(
        self,
        source: bytes,
        data: Mapping[str, Any],
        known: Mapping[str, Any],
        now: datetime,
        outcome: str | None = None,
        nameable: Callable[[str], bool] | None = None,
        files: FilesOf | None = None,
    ) -> CleanForm:
        """The messages are `forms.messages.Message`: English text that can be said in Thai."""
        filled = compile_form(source).fill(data, known, now, outcome, nameable, files)
        if filled.troubles:
            return CleanForm(errors=[FormProblem(t.key, t.message) for t in filled.troubles])
        return CleanForm(values=filled.values)

    def keys(self, source: bytes) -> Sequence[str]:
        """None for a definition that cannot be read: `check` tells, this does not."""
        try:
            return list(compile_form(source).inputs)
        except BadForm:
            return []

    def files(self, source: bytes) -> Sequence[str]:
        """None for a definition that cannot be read, as `keys`."""
        try:
            return compile_form(source).files()
        except BadForm:
            return []

    def reads(self, source: bytes) -> Sequence[str]:
        """None for a definition that cannot be read, as `keys`."""
        try:
            return sorted(compile_form(source).variables_read())
        except BadForm:
            return []
