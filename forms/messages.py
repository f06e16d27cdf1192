"""What forms say to people, in Thai and in English, by message key."""

from __future__ import annotations

from typing import Any

LOCALES = ("th", "en")

#: key: (Thai, English). Wording follows the design guide: what is wrong and how to mend it.
TEXTS: dict[str, tuple[str, str]] = {
    "required": ("ต้องกรอกช่องนี้", "Fill in this field."),
    "unknown": ("แบบฟอร์มนี้ไม่มีช่องนี้", "This form has no such field."),
    "read_only": ("ช่องนี้แก้ไขไม่ได้", "This field cannot be changed."),
    "text": ("ต้องเป็นข้อความ", "Enter text."),
    "control": ("มีอักขระควบคุมที่ใช้ไม่ได้ ลบออกแล้วพิมพ์ใหม่", "Remove the control characters."),
    "too_short": ("ใส่อย่างน้อย {limit} ตัวอักษร", "Enter at least {limit} characters."),
    "too_long": ("ใส่ได้ไม่เกิน {limit} ตัวอักษร", "Enter at most {limit} characters."),
    "pattern": ("รูปแบบไม่ถูกต้อง ดูตัวอย่างใต้ช่อง", "Use the format that the field asks for."),
    "number": ("ต้องเป็นตัวเลข เช่น 1250.50", "Enter a number, such as 1250.50."),
    "too_small": ("ต้องไม่น้อยกว่า {limit}", "Enter {limit} or more."),
    "too_great": ("ต้องไม่เกิน {limit}", "Enter {limit} or less."),
    "decimals": ("ใส่ทศนิยมได้ไม่เกิน {limit} ตำแหน่ง", "Enter at most {limit} decimal places."),
    "boolean": ("ต้องเป็นใช่หรือไม่ใช่", "Answer true or false."),
    "choice": ("เลือกจากตัวเลือกที่มี", "Choose one of the options."),
    "list": ("ต้องเป็นรายการ", "Give a list."),
    "repeated": ("เลือกแต่ละข้อเพียงครั้งเดียว", "Choose each option once."),
    "date": ("วันที่ไม่ถูกต้อง เช่น 23/11/2569", "Enter a date, such as 2026-11-23."),
    "past": ("ต้องเป็นวันนี้หรือหลังจากนี้", "Choose today or a later day."),
    "email": ("อีเมลไม่ถูกต้อง เช่น name@example.go.th", "Enter an e-mail address."),
    "phone": ("หมายเลขโทรศัพท์ไม่ถูกต้อง เช่น 0 2999 0000", "Enter a telephone number."),
    "citizen": ("เลขประจำตัวประชาชนไม่ถูกต้อง ตรวจทั้ง 13 หลัก", "Check all 13 digits of the number."),
    "person": (
        "ไม่มีผู้ใช้ชื่อนี้ หรือมอบให้ทำเรื่องนี้ไม่ได้ พิมพ์ชื่อแล้วเลือกจากรายการ",
        "Nobody of this name is here, or may be given this case: type a name and choose from the"
        " list.",
    ),
    "people": (
        "ไม่มีผู้ใช้ชื่อ {name} หรือมอบให้ทำเรื่องนี้ไม่ได้ พิมพ์ชื่อแล้วเลือกจากรายการ",
        "Nobody called {name} is here, or may be given this case: type a name and choose from the"
        " list.",
    ),
    "file_gone": (
        "ไม่พบไฟล์ที่ส่งมา หรือไฟล์นั้นอยู่กับเรื่องอื่นแล้ว เลือกไฟล์อีกครั้ง",
        "A file that was sent is not here any more, or belongs to another case: choose it again.",
    ),
    "file_kind": (
        "ช่องนี้ไม่รับไฟล์ {name} รับเฉพาะ {kinds}",
        "This field does not take {name}: choose one of {kinds}.",
    ),
    "file_count": ("แนบได้ไม่เกิน {limit} ไฟล์ เอาบางไฟล์ออก", "Attach at most {limit} files."),
    "one_file": ("แนบได้ไฟล์เดียว เลือกไว้เพียงไฟล์เดียว", "Attach one file only."),
    "condition": ("คำนวณเงื่อนไขของช่องนี้ไม่ได้", "This field's condition cannot be worked out."),
}  # fmt: skip


class Message(str):
    """A message in English that remembers its key, so that pages can say it in Thai."""

    key: str
    values: dict[str, Any]

    def __new__(cls, key: str, **values: Any) -> Message:
        text = super().__new__(cls, TEXTS[key][LOCALES.index("en")].format(**values))
        text.key, text.values = key, values
        return text


def localised(text: str, locale: str) -> str:
    """`text` in the reader's language; a text that is no Message stays as it is."""
    if not isinstance(text, Message):
        return text
    return TEXTS[text.key][LOCALES.index(locale) if locale in LOCALES else 0].format(**text.values)
