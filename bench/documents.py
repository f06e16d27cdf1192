"""What a page, a signature and a verdict cost, each against its goal and a raw signature's cost.

Figures are medians of warm rounds in one process, in processor time: a busy machine decides
nothing. `python -m bench documents` prints them.
"""

from __future__ import annotations

import hashlib
import resource
import time

from support import pki
from support.samples import sample

from api.pages.live_preview import SHEETS, WIDTH
from bench.figures import Figure, beside, median, table
from signing.archive import Description, finish
from signing.fonts import built_in
from signing.lasting import lasting
from signing.pdf.content import Piece
from signing.pdf.document import Document
from signing.preview import pictures
from signing.render import Rendered, render
from signing.sign import Signed, sign_letter
from signing.verify import verify

_MEGABYTE = 1024


def run() -> str:
    """All figures, as a Markdown table."""
    figures = [*pages(), *signatures(), *verdicts()]
    return table("Documents", figures)


def pages() -> list[Figure]:
    letter, memo = sample("S01"), sample("S03")
    blank = median(empty)
    page = median(lambda: render(letter))
    before = peak()
    start = time.process_time()
    hundred = render(long_letter())
    elapsed = time.process_time() - start
    assert hundred.pages >= 100
    return [
        Figure(
            "an external letter's page, archive form",
            page,
            "ms",
            15,
            beside(page, blank, "a page of one letter"),
        ),
        Figure("a memo's page, archive form", median(lambda: render(memo)), "ms", 15),
        Figure(f"{hundred.pages} pages", elapsed, "s", 1.5, f"{len(hundred.pdf) // 1024} KB"),
        Figure("memory for them", (peak() - before) / _MEGABYTE, "MB", 200, "above the start"),
        Figure(
            "a draft of three pages seen again after a key",
            median(Typing().again),
            "ms",
            150,
            "the server's share of 300; the pause before it is 60",
        ),
    ]


class Typing:
    """Somebody types at the end of a draft; the browser knows the pages that it was shown last."""

    def __init__(self) -> None:
        self._keys = 0
        self._known: set[str] = set()

    def again(self) -> None:
        self._keys += 1
        paragraphs = [*sample("S01")["paragraphs"][:2] * 9, f"จึงเรียนมา {self._keys}"]
        made = render(sample("S01", paragraphs=paragraphs), draft=True)
        assert made.pages == 3
        shown = pictures(made.pdf, WIDTH, known=self._known, most=SHEETS)
        self._known = {one.digest for one in shown}


def empty() -> bytes:
    """The baseline of a page: one word, through the same archive form."""
    document = Document()
    page = document.add_page()
    with page.tagged(document.root.add("P")):
        page.text(100, 700, [Piece("ก", built_in().regular, 16)])
    return finish(document, Description("ก"), ())


def long_letter() -> dict:
    paragraphs = sample("S01")["paragraphs"][:2] * 500
    return sample("S01", paragraphs=[*paragraphs, "จึงเรียนมาเพื่อโปรดพิจารณา"])


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def signatures() -> list[Figure]:
    letter = pki.letter()
    key, digest = pki.unlocked(), hashlib.sha256(b"letter").digest()
    raw = median(lambda: key.sign_digest(digest, "sha256"))
    plain = median(lambda: signed(letter, stamped=False))
    stamped = median(lambda: signed(letter, stamped=True))
    added = len(signed(letter, stamped=True).pdf) - len(letter.pdf)
    stamp = median(lambda: pki.timestamps().stamp(digest))
    archived = median(lambda: lasting_of(signed(letter, stamped=True).pdf)) - 2 * stamp
    opened = median(lambda: pki.authority().enrol("ก", pki.PIN, pki.AT), rounds=3)
    return [
        Figure("a B-B signature", plain, "ms", 20, f"the raw signature alone: {raw:.2f} ms"),
        Figure("a B-T signature, authority in process", stamped, "ms", 40),
        Figure("bytes that it adds", added / 1024, "KB", 38),
        Figure(
            "a B-LTA signature, its two timestamps taken off",
            archived,
            "ms",
            60,
            f"a timestamp of the authority in process: {stamp:.1f} ms",
        ),
        Figure("a new key under a PIN", opened, "ms", 400, "dear on purpose"),
    ]


def signed(letter: Rendered, *, stamped: bool) -> Signed:
    return sign_letter(
        letter.pdf,
        field="sig_0001",
        key=pki.unlocked(),
        signer=pki.SIGNER,
        at=pki.AT,
        timestamps=pki.timestamps() if stamped else None,
    )


def lasting_of(pdf: bytes) -> bytes:
    """With its evidence and one timestamp over all of it."""
    ours = pki.authority()
    return lasting(
        pdf,
        statuses=ours.statuses(pki.folder(), lambda: pki.AT),
        timestamps=pki.timestamps(),
        trust=ours.anchors,
        at=pki.AT,
    ).pdf


def verdicts() -> list[Figure]:
    one = signed(pki.letter(), stamped=True).pdf
    trust = pki.authority().anchors
    single = median(lambda: verify(one, trust, pki.AT))
    twelve = lasting_of(twelve_signatures())
    many = median(lambda: verify(twelve, trust, pki.AT), rounds=5)
    assert verify(twelve, trust, pki.AT).good
    return [
        Figure("verifying one signature", single, "ms", 60),
        Figure("verifying twelve and the archive timestamp", many / 1000, "s", 0.7),
        Figure("bytes that they add", (len(twelve) - len(pki.letter().pdf)) / 1024, "KB", 450),
    ]


def twelve_signatures() -> bytes:
    pdf = pki.letter_with_fields(12)
    for n in range(1, 13):
        done = sign_letter(
            pdf,
            field=f"sig_{n:04}",
            key=pki.unlocked(),
            signer=pki.SIGNER,
            at=pki.AT,
            timestamps=pki.timestamps(),
        )
        pdf = done.pdf
    return pdf
