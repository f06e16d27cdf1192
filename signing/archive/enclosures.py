"""What is enclosed with a letter as a file, and travels inside it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Enclosure:
    """`title` as it is printed under สิ่งที่ส่งมาด้วย, `name` the file's own, unlike the others';
    `data` None: it is too large to travel inside, and told by its hash (hex) alone.
    """

    title: str
    name: str
    media_type: str
    size: int
    sha256: str
    data: bytes | None = field(default=None, repr=False)

    @property
    def told(self) -> str:
        """For machines, and for people who hold a file against it."""
        return f"{self.name}, {self.media_type}, {self.size} bytes, SHA-256 {self.sha256}"
