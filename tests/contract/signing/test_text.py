"""The text of every rendered document is its source, exactly, for every reader."""

from __future__ import annotations

import io
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pypdf
import pytest
from support import needs, typefaces
from support.samples import every_kind, sample, samples

from signing.fonts import Typeface, built_in, load
from signing.preview import page_text
from signing.render import Rendered, render, templates
from signing.thai import thai_digits

#: Hard on every reader: stacked marks, sara am, tall tails, long feet, ligatures of Latin.
HARD = (
    "น้ำ ป้ำ ก๋วยเตี๋ยว ญี่ปุ่น ฐิติ ฎุฏุ ฟ้าผ่า ปีปู่ป่า ที่นี้ ผู้ป่วยฟื้นฟู ศิษย์ สิทธิ์ พันธุ์ กรุงเทพฯ "
    "ต่าง ๆ พ.ศ. ๒๕๖๙ office ffi fluff e-Office saraban@example.go.th “ข้อ ๗” ๗๔๔๐-๐๐๑-๐๐๑๕/๖๐"
)


def pdftotext(*mode: str) -> Callable[[Path], str]:
    def read(file: Path) -> str:
        needs.program("pdftotext", "poppler-utils")
        done = subprocess.run(
            ["pdftotext", *mode, str(file), "-"], capture_output=True, check=True, text=True
        )
        return done.stdout

    return read


def by_pypdf(file: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages)


PEOPLE = ("present", "absent", "attendees")
READERS = {
    "pdftotext": pdftotext(),
    "pdftotext -layout": pdftotext("-layout"),
    "pdftotext -raw": pdftotext("-raw"),
    "pypdf": by_pypdf,
    "pdfium": lambda file: page_text(file.read_bytes()),
}


def folded(text: str) -> str:
    """Runs of spaces folded to one, none at line ends, no empty lines, page furniture left out."""
    without = re.sub(r"(?m)^\s*- [๐-๙]+ -\s*$|^.*/\S.*\.\.\.\s*$", "", text.replace("\f", "\n"))
    lines = (" ".join(line.split()) for line in re.split(r"[\r\n]+", without))
    return "\n".join(line for line in lines if line)


def as_read(source: str) -> re.Pattern[str]:
    """The text as it may stand in what `folded` gives: a space is one space or a line's end.

    Thai is written without spaces, so that a line may end between any two letters: those ends
    are joined. A space that the source has not is found nowhere.
    """
    words = ("\n?".join(map(re.escape, word)) for word in source.split())
    return re.compile("[ \n]".join(words))


def stands(source: str, text: str) -> bool:
    """Whether the text is there as it was written, its spaces folded."""
    return as_read(source).search(text) is not None


def printed(document: dict) -> Iterator[str]:
    """Every text that the template of this kind puts on paper."""
    for path in templates()[document["kind"]].required:
        value = document[path]
        yield from [value] if isinstance(value, str) else value
    yield from document["paragraphs"]
    yield from (document[mark] for mark in ("priority", "secrecy") if document[mark] != "ปกติ")
    acting = document["acting_for"]
    yield from (acting["mode"], acting["principal"]) if acting else ()
    if document["kind"] == "EXT":
        yield from document["refs"]
        yield from (f"{a['name']}" for a in document["attachments"])
        yield from (a["qty"] for a in document["attachments"])
        yield from (document["owner_unit"], document["address"], *document["contact"].values())
        yield from document["cc"]
    for person in (p for list_ in PEOPLE for p in document["extra"].get(list_, ())):
        yield person["name"]
    if document["closing"]:
        yield document["closing"]
    yield from document["preparers"].values()


@cache
def file_of(name: str, folder: Path) -> tuple[Path, Rendered]:
    path, made = folder / f"{name}.pdf", render(every_kind()[name])
    path.write_bytes(made.pdf)
    return path, made


def letters(*texts: str) -> Counter[str]:
    return Counter("".join("".join(texts).split()))


def furniture(made: Rendered, secrecy: str) -> Counter[str]:
    """What may stand on the pages beside the document's own text: their numbers, and the marks of
    a secret one.
    """
    said = [f"- {thai_digits(page)} -" for page in range(2, made.pages + 1)]
    if secrecy != "ปกติ":
        count = thai_digits(made.pages)
        for page in range(1, made.pages + 1):
            said += [secrecy * 2, f"ชุดที่ ๑ ของ ๑ ชุด หน้า {thai_digits(page)} ของ {count} หน้า"]
    return letters(*said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rendered")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", every_kind())
def test_every_field_reads_back_exactly(name: str, reader: str, folder: Path) -> None:
    """And letter by letter there is all that was set, and nothing that was not."""
    document = every_kind()[name]
    file, made = file_of(name, folder)
    text = folded(READERS[reader](file))
    missing = [part for part in printed(document) if not stands(part, text)]
    assert missing == []
    found, wanted = letters(text), letters(*(line for page in made.lines for line in page))
    assert wanted - found == Counter()
    assert found - wanted <= furniture(made, document["secrecy"])


@pytest.mark.parametrize("reader", READERS)
def test_hard_words_read_back_exactly(reader: str, folder: Path) -> None:
    _hard_words_read_back(reader, folder, built_in())


@pytest.mark.parametrize("reader", READERS)
def test_they_do_in_an_agencys_own_th_sarabun(reader: str, folder: Path) -> None:
    own = load(folder, {"regular": typefaces.file(typefaces.NEW)})
    _hard_words_read_back(reader, folder, own)


def _hard_words_read_back(reader: str, folder: Path, typeface: Typeface) -> None:
    path = folder / f"hard-{abs(hash(reader))}-{typeface.name}.pdf"
    bold = {"runs": [{"text": HARD, "bold": True}]}
    items = [f"๑. {HARD}", f"๑.๑ {HARD}", f"(๑๒) {HARD}"]
    letter = sample("S01", paragraphs=[HARD, bold, *items, "จบ"])
    path.write_bytes(render(letter, typeface=typeface).pdf)
    text = folded(READERS[reader](path))
    assert len(as_read(HARD).findall(text)) == 5
    assert all(stands(item, text) for item in items)


@pytest.mark.parametrize("reader", READERS)
def test_long_documents_read_back_exactly(reader: str, folder: Path) -> None:
    """Over page breaks too: the running words of thirty pages of mixed paragraphs."""
    paragraphs = [text for d in samples() for text in d["paragraphs"]] * 5
    path = folder / f"long-{abs(hash(reader))}.pdf"
    path.write_bytes(render(sample("S01", paragraphs=paragraphs)).pdf)
    text = folded(READERS[reader](path))
    at = 0
    for paragraph in paragraphs:
        found = as_read(paragraph).search(text, at)
        assert found is not None, paragraph
        at = found.end()


def test_a_space_too_many_or_too_few_is_seen() -> None:
    """A comparison that overlooks spaces would prove nothing of them."""
    text = folded("กำหนดจัดสัมมนา\n  เชิงปฏิบัติการ   ณ ห้อง ๑\n\n- ๒ -\n\fชั้น ๒")
    assert stands("กำหนดจัดสัมมนาเชิงปฏิบัติการ  ณ ห้อง ๑ ชั้น ๒", text)
    assert not stands("กำหนด จัดสัมมนา", text)
    assert not stands("ณห้อง", text)
    assert not stands("ณ ห้อง๑", text)


def test_lines_are_the_text(folder: Path) -> None:
    made = render(sample("S02"))
    joined = folded("\n".join(line for page in made.lines for line in page))
    assert all(stands(part, joined) for part in sample("S02")["paragraphs"])


def test_bytes_are_a_whole_file() -> None:
    made = render(sample("S01"))
    assert pypdf.PdfReader(io.BytesIO(made.pdf), strict=True).pages[0].mediabox.width > 595
