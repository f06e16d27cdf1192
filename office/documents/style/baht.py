"""A sum of money in words, as stands in brackets behind its figures."""

from __future__ import annotations

import re

_FIGURES = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_SUM = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d\d))?")


def numeral(plain: str) -> tuple[int, int] | None:
    """Baht and satang of figures such as 1,250.50; None where they are no sum."""
    found = _SUM.fullmatch(plain)
    return (int(found[1].replace(",", "")), int(found[2] or 0)) if found else None


def in_words(plain: str) -> str:
    """หนึ่งพันสองร้อยห้าสิบบาทห้าสิบสตางค์, ห้าสิบสตางค์; "" where the figures are no sum."""
    found = numeral(plain)
    if found is None:
        return ""
    baht, satang = found
    if not satang:
        return f"{_count(baht) or 'ศูนย์'}บาทถ้วน"
    return (f"{_count(baht)}บาท" if baht else "") + f"{_count(satang)}สตางค์"


def _count(number: int) -> str:
    millions, rest = divmod(number, 1_000_000)
    return (f"{_count(millions)}ล้าน" if millions else "") + _below_million(rest, millions > 0)


def _below_million(number: int, more: bool) -> str:
    figures = [int(figure) for figure in str(number)]
    words = ""
    for place, figure in zip(range(len(figures) - 1, -1, -1), figures, strict=True):
        if figure == 0:
            continue
        if place == 1 and figure < 3:
            words += ("", "ยี่")[figure - 1] + "สิบ"
        elif place == 0 and figure == 1 and (number > 1 or more):
            words += "เอ็ด"
        else:
            words += _FIGURES[figure] + _PLACES[place]
    return words
