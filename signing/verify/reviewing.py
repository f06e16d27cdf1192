"""What was added to a document after it was signed, reviewed once for all of its signatures."""

from __future__ import annotations

from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

#: a revision, and what the signature that asks allows: who certified what
_Step = tuple[int, MDPPerm | None]


class StepByStep(StandardDiffPolicy):
    """pyHanko's standard policy for one document, each revision held against the one before it.

    The standard policy holds each revision against each signed one before it: twelve signatures
    cost seventy-eight comparisons. What each rule permits may follow what it permitted before, so
    a chain of permitted steps is permitted as a whole. Where a step is not, or a signature locks
    fields, the standard policy decides as it always does: this one can only agree sooner.
    """

    def __init__(self) -> None:
        super().__init__(DEFAULT_DIFF_POLICY.global_rules, DEFAULT_DIFF_POLICY.form_rule)
        self._steps: dict[_Step, DiffResult | None] = {}

    def review_file(
        self,
        reader: PdfFileReader,
        base_revision: int | HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult | SuspiciousModification:
        if field_mdp_spec is None and isinstance(base_revision, int):
            steps = range(base_revision + 1, reader.xrefs.total_revisions)
            found = [self._step(reader, revision, doc_mdp) for revision in steps]
            if permitted := [one for one in found if one is not None] if None not in found else []:
                level = max(one.modification_level for one in permitted)
                fields = set().union(*(one.changed_form_fields for one in permitted))
                return DiffResult(level, fields)
        return super().review_file(reader, base_revision, field_mdp_spec, doc_mdp)

    def _step(
        self, reader: PdfFileReader, revision: int, doc_mdp: MDPPerm | None
    ) -> DiffResult | None:
        """What a revision changed of the one before it; None where that is suspicious."""
        key = revision, doc_mdp
        if key not in self._steps:
            old, new = (reader.get_historical_resolver(n) for n in (revision - 1, revision))
            try:
                self._steps[key] = self.apply(old, new, doc_mdp=doc_mdp)
            except SuspiciousModification:
                self._steps[key] = None
        return self._steps[key]
