"""How a matrix is spoken of, in Thai and in English."""

from __future__ import annotations

from collections.abc import Mapping

from office.chains.model import Hit, Matrix

Pair = tuple[str, str]

KIND: Pair = ("ตารางอำนาจอนุมัติ", "Approval matrix")
HITS: Mapping[Hit, Pair] = {
    "unique": (
        "ตรงได้ข้อเดียว ห้ามซ้อนกัน", "Only one rule may hold: they do not overlap",
    ),
    "first": ("ใช้ข้อแรกที่ตรง", "The first rule that holds counts"),
    "all": (
        "ใช้ทุกข้อที่ตรง หลายทางพร้อมกัน", "Every rule that holds counts: several ways at once",
    ),
}  # fmt: skip
SENTENCES: Mapping[Hit, Pair] = {
    "unique": ("เดินทางที่ตารางบอก จาก %s ข้อ", "Takes the way that the table of %s rules names"),
    "first": (
        "เดินทางของข้อแรกที่ตรง จาก %s ข้อ", "Takes the way of the first of %s rules that holds",
    ),
    "all": (
        "เดินทุกทางที่ตรงพร้อมกัน จาก %s ข้อ",
        "Takes the ways of all of %s rules that hold, at the same time",
    ),
}  # fmt: skip
FAULTS: Mapping[str, Pair] = {
    "matrix_columns": (
        "เลือกช่องที่ตารางดู ถึงหกช่อง ถ้ายังไม่มีให้เพิ่มใน “ชื่อและแบบฟอร์ม”",
        "Choose up to six fields that the table looks at; add them under “name and form” first",
    ),
    "matrix_rules": ("ใส่อย่างน้อยหนึ่งข้อ มากสุดหกสิบข้อ", "Give the table from one to sixty rules"),
    "matrix_ways": ("ให้ทุกทางมีชื่อ ไม่ซ้ำกัน", "Give each way a name of its own"),
    "matrix_named": (
        "ตารางเรียกทาง “%s” เป็นชื่ออื่น บันทึกการ์ดนี้อีกครั้งให้ตรงกัน",
        "The table calls the way “%s” by another name: save this card again",
    ),
    "matrix_cell": (
        "ข้อ %s มีค่าที่ใช้กับช่องนี้ไม่ได้ ตัวเลขแรกต้องน้อยกว่าตัวที่สอง",
        "Rule %s has a value that does not fit its field; the first number is the smaller one",
    ),
    "matrix_way": ("เลือกทางของข้อ %s", "Choose the way of rule %s"),
    "matrix_last": (
        "ข้อ %s ชี้ทางสุดท้ายไม่ได้ เมื่อใช้ทุกข้อที่ตรง ทางสุดท้ายใช้ตอนไม่มีข้อใดตรงเท่านั้น",
        "Rule %s cannot name the last way: where every rule counts, that is for when none holds",
    ),
    "matrix_overlap": (
        "ข้อ %s ตรงพร้อมกัน แก้ให้ไม่ซ้อน หรือเลือกใช้ข้อแรกหรือทุกข้อ",
        "Rules %s hold at once: part them, or let the first or all of them count",
    ),
}
#: what an administrator should know before publishing
REMARKS: Mapping[str, Pair] = {
    "matrix_gap": (
        "ไม่มีข้อใดตรงเมื่อ %s เรื่องเดินทางสุดท้าย",
        "No rule holds when %s: the case takes the last way",
    ),
    "matrix_hidden": (
        "ข้อ %s ไม่มีวันได้ใช้ เพราะข้อก่อนหน้าตรงแทนทุกกรณี",
        "Rule %s is never used: those before it hold in all its cases",
    ),
    "matrix_unused": ("ไม่มีข้อใดพาไปทาง “%s”", "No rule leads to the way “%s”"),
}
WHY: Mapping[str, Pair] = {
    "matrix": (
        "หลังงานตัดสินใจต้องเป็นทางแยกที่ดูคำตอบของตาราง",
        "A decision must be followed by a gateway that tests its answer",
    ),
    "table": ("ตารางตัดสินใจมี %s ซึ่งการ์ดบอกไม่ได้", "Its decision table has %s, which cards cannot say"),
    "rule": (
        "กฎข้อ %s ของตารางตัดสินใจ บอกสิ่งที่การ์ดบอกไม่ได้",
        "Rule %s of its decision table says what cards cannot",
    ),
    "file": ("ไฟล์นี้ไม่มีการ์ดใดใช้", "No card uses this file"),
}


def sentence(step: Matrix) -> Pair:
    thai, english = (text % len(step.rules) for text in SENTENCES[step.hit])
    return thai, english
