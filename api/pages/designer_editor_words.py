"""What the editors of decision models and forms say in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from api.pages import designer_form_words
from api.pages.i18n import gettext as _
from api.pages.i18n import language


def panel() -> Mapping[str, str]:
    """Words of our own around an editor."""
    return {
        "graph": _("ผังการตัดสินใจ"),
        **designer_form_words.own(),
        "unread": _(
            "ตัวแก้ไม่รู้จัก <{what}> ที่บรรทัด {line} และจะทำให้หายเมื่อบันทึก จึงไม่เปิดไฟล์นี้ แก้ในตารางด้านล่างได้"
        ),
        "unopened": _("ตัวแก้เปิดไฟล์นี้ไม่ได้ ข้อสังเกตด้านล่างบอกเหตุ แก้ในตารางด้านล่างได้"),
    }


def editor(room: str) -> Mapping[str, str]:
    """An editor's words by its own English; its English readers need no other, but where it tells
    of what is not so here.
    """
    decisions = room == "decisions"
    if language() == "en":
        return {} if decisions else designer_form_words.ours()
    words = _decisions() if decisions else designer_form_words.editor()
    return {**words, "Completions": _("ชื่อที่ใช้ได้")}


def _decisions() -> Mapping[str, str]:
    return {**_acts(), **_fields(), **_values()}


def _acts() -> Mapping[str, str]:
    return {
        "Activate hand tool": _("เครื่องมือเลื่อนผืนผ้าใบ"),
        "Activate lasso tool": _("เครื่องมือเลือกหลายชิ้น"),
        "Add cell description": _("เพิ่มคำอธิบายช่อง"),
        "Add input": _("เพิ่มคอลัมน์เงื่อนไข"),
        "Add input column left": _("เพิ่มคอลัมน์เงื่อนไขทางซ้าย"),
        "Add input column right": _("เพิ่มคอลัมน์เงื่อนไขทางขวา"),
        "Add output": _("เพิ่มคอลัมน์ผล"),
        "Add output column left": _("เพิ่มคอลัมน์ผลทางซ้าย"),
        "Add output column right": _("เพิ่มคอลัมน์ผลทางขวา"),
        "Add parameter": _("เพิ่มพารามิเตอร์"),
        "Add predefined values": _("เพิ่มค่าที่เลือกได้"),
        "Add rule": _("เพิ่มกฎ"),
        "Add rule above": _("เพิ่มกฎด้านบน"),
        "Add rule below": _("เพิ่มกฎด้านล่าง"),
        "Add text annotation": _("เพิ่มหมายเหตุ"),
        "Add values": _("เพิ่มค่า"),
        "Append business knowledge model": _("ต่อด้วยสูตรที่ใช้ร่วมกัน"),
        "Append decision": _("ต่อด้วยการตัดสินใจ"),
        "Append input data": _("ต่อด้วยข้อมูลเข้า"),
        "Append knowledge source": _("ต่อด้วยแหล่งอ้างอิง"),
        "Change cell expression language": _("เปลี่ยนภาษาของช่อง"),
        "Change type": _("เปลี่ยนชนิด"),
        "Clear predefined values": _("ล้างค่าที่เลือกได้"),
        "Connect to other element": _("เชื่อมไปชิ้นอื่น"),
        "Copy input column": _("คัดลอกคอลัมน์เงื่อนไข"),
        "Copy output column": _("คัดลอกคอลัมน์ผล"),
        "Copy rule": _("คัดลอกกฎ"),
        "Create decision": _("สร้างการตัดสินใจ"),
        "Create input data": _("สร้างข้อมูลเข้า"),
        "Create knowledge model": _("สร้างสูตรที่ใช้ร่วมกัน"),
        "Create knowledge source": _("สร้างแหล่งอ้างอิง"),
        "Cut input column": _("ตัดคอลัมน์เงื่อนไข"),
        "Cut output column": _("ตัดคอลัมน์ผล"),
        "Cut rule": _("ตัดกฎ"),
        "Delete": _("ลบออกจากผัง"),
        "Move rule": _("ย้ายกฎ"),
        "Paste input column left": _("วางคอลัมน์เงื่อนไขทางซ้าย"),
        "Paste input column right": _("วางคอลัมน์เงื่อนไขทางขวา"),
        "Paste output column left": _("วางคอลัมน์ผลทางซ้าย"),
        "Paste output column right": _("วางคอลัมน์ผลทางขวา"),
        "Paste rule above": _("วางกฎด้านบน"),
        "Paste rule below": _("วางกฎด้านล่าง"),
        "Remove cell description": _("เอาคำอธิบายช่องออก"),
        "Remove input column": _("เอาคอลัมน์เงื่อนไขออก"),
        "Remove output column": _("เอาคอลัมน์ผลออก"),
        "Remove parameter": _("เอาพารามิเตอร์ออก"),
        "Remove rule": _("เอากฎออก"),
        "Resize": _("ปรับความกว้าง"),
        "View DRD": _("ดูผังการตัดสินใจ"),
    }


def _fields() -> Mapping[str, str]:
    return {
        "And": _("และ"),
        "Annotation": _("หมายเหตุ"),
        "Annotations": _("หมายเหตุ"),
        "Decision name": _("ชื่อการตัดสินใจ"),
        "Decision name: ": _("ชื่อการตัดสินใจ") + " ",
        "Definition ID": _("รหัสของไฟล์"),
        "Definition name": _("ชื่อของไฟล์"),
        "Edit": _("แก้"),
        "Edit formal parameters": _("แก้พารามิเตอร์"),
        "Edit function kind": _("แก้ชนิดของสูตร"),
        "Edit input": _("แก้คอลัมน์เงื่อนไข"),
        "Edit output": _("แก้คอลัมน์ผล"),
        "Editing not supported for set expression language": _("แก้ภาษานี้ที่นี่ไม่ได้"),
        "Element name": _("ชื่อที่แสดง"),
        "Enter expression": _("เขียนสูตร"),
        "Expression": _("สูตร"),
        "Expression language": _("ภาษาของสูตร"),
        "Expression language:": _("ภาษาของสูตร"),
        "Expression language: {expressionLanguageLabel}": _("ภาษาของสูตร {expressionLanguageLabel}"),
        "Function kind: {kind}": _("ชนิดของสูตร {kind}"),
        "Hit policy": _("เมื่อตรงหลายกฎ"),
        "Hit policy:": _("เมื่อตรงหลายกฎ"),
        "Input": _("เงื่อนไข"),
        "Input expression": _("ตัวแปรหรือสูตรที่ตรวจ"),
        "Input expression: ": _("ตัวแปรหรือสูตรที่ตรวจ") + " ",
        "Input label": _("หัวคอลัมน์เงื่อนไข"),
        "Input label: ": _("หัวคอลัมน์เงื่อนไข") + " ",
        "Input type": _("ชนิดของเงื่อนไข"),
        "Input values": _("ค่าที่เป็นไปได้ของเงื่อนไข"),
        "Kind": _("ชนิด"),
        "Literal expression": _("สูตร"),
        "Literal expression editor": _("ช่องเขียนสูตร"),
        "Output": _("ผล"),
        "Output label": _("หัวคอลัมน์ผล"),
        "Output label: ": _("หัวคอลัมน์ผล") + " ",
        "Output name": _("ชื่อตัวแปรของผล"),
        "Output name: ": _("ชื่อตัวแปรของผล") + " ",
        "Output type": _("ชนิดของผล"),
        "Output values": _("ค่าที่เป็นไปได้ของผล"),
        "Predefined values": _("ค่าที่เลือกได้"),
        "Then": _("แล้ว"),
        "Type": _("ชนิด"),
        "Variable name": _("ชื่อตัวแปร"),
        "Variable name:": _("ชื่อตัวแปร"),
        "Variable type": _("ชนิดของตัวแปร"),
        "Variable type:": _("ชนิดของตัวแปร"),
        "When": _("ถ้า"),
        "name": _("ชื่อ"),
    }


def _values() -> Mapping[str, str]:
    return {
        "After": _("หลัง"),
        "Before": _("ก่อน"),
        "Between": _("ระหว่าง"),
        "Boolean value": _("ค่าจริงหรือเท็จ"),
        "Comparison": _("การเทียบ"),
        "Comparison operator": _("เครื่องหมายเทียบ"),
        "Custom values": _("ค่าที่พิมพ์เอง"),
        "Date": _("วันที่"),
        "Date and time": _("วันที่และเวลา"),
        "Date and time value": _("วันที่และเวลา"),
        "Date value": _("วันที่"),
        "Duration value": _("ระยะเวลา"),
        "Edit boolean": _("แก้ค่าจริงหรือเท็จ"),
        "Edit date": _("แก้วันที่"),
        "Edit date and time": _("แก้วันที่และเวลา"),
        "Edit duration": _("แก้ระยะเวลา"),
        "Edit end date": _("แก้วันสิ้นสุด"),
        "Edit end date and time": _("แก้วันและเวลาสิ้นสุด"),
        "Edit end time": _("แก้เวลาสิ้นสุด"),
        "Edit number": _("แก้ตัวเลข"),
        "Edit start date": _("แก้วันเริ่ม"),
        "Edit start date and time": _("แก้วันและเวลาเริ่ม"),
        "Edit start time": _("แก้เวลาเริ่ม"),
        "Edit string": _("แก้ข้อความ"),
        "Edit time": _("แก้เวลา"),
        "End date": _("วันสิ้นสุด"),
        "End date and time": _("วันและเวลาสิ้นสุด"),
        "End time": _("เวลาสิ้นสุด"),
        "End value": _("ค่าสุดท้าย"),
        "Equals": _("เท่ากับ"),
        "Exactly": _("ตรงกับ"),
        "Exclude": _("ไม่รวม"),
        "Greater": _("มากกว่า"),
        "Greater or equals": _("มากกว่าหรือเท่ากับ"),
        "Include": _("รวม"),
        "Less": _("น้อยกว่า"),
        "Less or equals": _("น้อยกว่าหรือเท่ากับ"),
        "Match none": _("ไม่ตรงกับค่าใด"),
        "Match one": _("ตรงกับค่าหนึ่ง"),
        "No": _("ไม่ใช่"),
        "No values": _("ไม่มีค่า"),
        "Range": _("ช่วง"),
        "Range end operator": _("เครื่องหมายปลายช่วง"),
        "Range end value": _("ค่าปลายช่วง"),
        "Range start operator": _("เครื่องหมายต้นช่วง"),
        "Range start value": _("ค่าต้นช่วง"),
        "Set date": _("ใส่วันที่"),
        "Set date and time": _("ใส่วันที่และเวลา"),
        "Set duration": _("ใส่ระยะเวลา"),
        "Set time": _("ใส่เวลา"),
        "Set value": _("ใส่ค่า"),
        "Start date": _("วันเริ่ม"),
        "Start date and time": _("วันและเวลาเริ่ม"),
        "Start time": _("เวลาเริ่ม"),
        "Start value": _("ค่าแรก"),
        "String value": _("ข้อความ"),
        "Strings must be in double quotes": _("ข้อความต้องอยู่ในเครื่องหมายคำพูด"),
        "Test type": _("ชนิดของการตรวจ"),
        "Time": _("เวลา"),
        "Time value": _("เวลา"),
        "Use now": _("ใช้เวลานี้"),
        "Use today": _("ใช้วันนี้"),
        "Value": _("ค่า"),
        "Values": _("รายการค่า"),
        "Yes": _("ใช่"),
    }
