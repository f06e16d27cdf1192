"""Warnings of what is only tried, as trials of cards and plays of diagrams answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.finding_words import feel_in_thai
from office.foreseen import words
from office.foreseen.values import Warned


@dataclass(frozen=True, slots=True)
class TrialWarning:
    code: str
    detail: str
    thai: str
    english: str


def trial_warnings(warned: Sequence[Warned]) -> list[TrialWarning]:
    return [_warning(one) for one in warned]


def _warning(warned: Warned) -> TrialWarning:
    until = warned.until.isoformat() if warned.until is not None else ""
    thai, english = words.told(warned, warned.detail, until, ", ".join(warned.acting))
    why, why_en = words.because(warned, (feel_in_thai(warned.why), warned.why))
    if why:
        thai, english = f"{thai}: {why}", f"{english}: {why_en}"
    return TrialWarning(warned.code, warned.detail, thai, english)
