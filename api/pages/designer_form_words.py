"""What the editor of forms says in the reader's language, by its own English.

`{0}` stands for what the editor fills in. Kinds of fields are named in the palette and its search.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.pages.i18n import gettext as _


def own() -> Mapping[str, str]:
    """Fields of our own in the palette, and the unit of money."""
    return {
        "own-person": _("ชื่อบุคคล"),
        "own-people": _("ชื่อบุคคลหลายคน"),
        "own-unit": _("หน่วยงานภายใน"),
        "own-date": _("วันที่ พ.ศ."),
        "own-citizen": _("เลขประจำตัวประชาชน"),
        "own-money": _("จำนวนเงิน"),
        "baht": _("บาท"),
    }


def ours() -> Mapping[str, str]:
    """Where the editor tells of what is drawn otherwise here: for its English readers too."""
    return {"Supports markdown and templating.": _("ข้อความธรรมดา ใส่ค่าของตัวแปรได้ด้วย {{ }}")}


def editor() -> Mapping[str, str]:
    return {
        **ours(),
        **_kinds(),
        **_frame(),
        **_properties(),
        **_choices(),
        **_told(),
        **_refused(),
    }


def _kinds() -> Mapping[str, str]:
    return {
        "Text field": _("ข้อความบรรทัดเดียว"),
        "Text area": _("ข้อความหลายบรรทัด"),
        "Number": _("ตัวเลข"),
        "Date time": _("วันและเวลา"),
        "File picker": _("ไฟล์แนบ"),
        "Checkbox": _("ช่องเลือก"),
        "Checkbox group": _("เลือกได้หลายข้อ"),
        "Radio group": _("เลือกข้อเดียว"),
        "Select": _("เลือกจากรายการ"),
        "Tag list": _("เลือกหลายป้าย"),
        "Text view": _("ข้อความอธิบาย"),
        "Group": _("กลุ่มช่อง"),
        "Separator": _("เส้นคั่น"),
        "Spacer": _("ช่องว่าง"),
        "Form": _("แบบฟอร์ม"),
    }


def _frame() -> Mapping[str, str]:
    """The palette, the empty form, and what stands at a selected field."""
    return {
        "Components": _("ชนิดของช่อง"),
        "Search components": _("ค้นชนิดของช่อง"),
        "No components found.": _("ไม่พบชนิดของช่องนี้"),
        "Clear content": _("ล้างคำค้น"),
        "Input": _("ช่องกรอก"),
        "Selection": _("ตัวเลือก"),
        "Presentation": _("สิ่งที่แสดง"),
        "Containers": _("ที่จัดกลุ่ม"),
        "Build your form": _("เริ่มวาดแบบฟอร์ม"),
        "Drag and drop components here to start designing.": _("กดชนิดของช่อง หรือลากมาวางที่นี่"),
        "Use the preview window to test your form.": _("ตัวอย่างด้านล่างคือสิ่งที่ผู้ใช้จะเห็น"),
        "dd/mm/yyyy": _("วว/ดด/ปปปป"),
        "mm/dd/yyyy": _("วว/ดด/ปปปป"),
        "hh:mm": _("ชั่วโมง:นาที"),
        "Remove form field": _("เอาช่องออก"),
        "Remove {0}": _("เอา{0}ออก"),
        "Create a {0} element": _("เพิ่ม{0}"),
        "Create an {0} element": _("เพิ่ม{0}"),
        "Toggle section": _("เปิดหรือปิดหมวด"),
        "Toggle list item": _("เปิดหรือปิดรายการ"),
        "Create new list item": _("เพิ่มรายการ"),
        "Create": _("เพิ่ม"),
        "Delete item": _("เอารายการออก"),
        "Section contains an error": _("หมวดนี้มีข้อที่ต้องแก้"),
        "Section contains edits": _("หมวดนี้มีการแก้ไข"),
        "Open documentation": _("เปิดคำอธิบาย"),
        "Open pop-up editor": _("เปิดช่องเขียนใหญ่"),
        "Opened in editor": _("เปิดอยู่ในช่องเขียนใหญ่"),
        "Select a form field to edit its properties.": _("เลือกช่องเพื่อแก้คุณสมบัติ"),
        "Multiple form fields are selected. Select a single form field to edit its properties.": _(
            "เลือกอยู่หลายช่อง เลือกช่องเดียวเพื่อแก้คุณสมบัติ"
        ),
    }


def _properties() -> Mapping[str, str]:
    """Groups of the panel and the fields in them."""
    return {
        "General": _("ทั่วไป"),
        "Validation": _("เงื่อนไขของค่า"),
        "Supported file formats": _("ชนิดไฟล์ที่รับ"),
        "A comma-separated list of": _("คั่นด้วยจุลภาค เช่น .pdf, .docx ว่างไว้รับทุกชนิดที่แนบได้ ดู"),
        "file type specifiers": _("วิธีเขียนชนิดไฟล์"),
        "Upload multiple files": _("แนบได้หลายไฟล์"),
        "Browse": _("เลือกไฟล์"),
        "No files selected": _("ยังไม่ได้เลือกไฟล์"),
        "Constraints": _("ข้อจำกัด"),
        "Serialization": _("รูปแบบที่เก็บ"),
        "Appearance": _("การแสดง"),
        "Layout": _("การจัดวาง"),
        "Condition": _("เงื่อนไข"),
        "Custom properties": _("คุณสมบัติเพิ่มเติม"),
        "Options source": _("ที่มาของตัวเลือก"),
        "Static options": _("ตัวเลือกที่เขียนไว้"),
        "Dynamic options": _("ตัวเลือกจากตัวแปร"),
        "Options expression": _("สูตรของตัวเลือก"),
        "Field label": _("ชื่อช่อง"),
        "Group label": _("ชื่อกลุ่ม"),
        "Date label": _("ชื่อช่องวันที่"),
        "Time label": _("ชื่อช่องเวลา"),
        "Field description": _("คำอธิบายช่อง"),
        "Label": _("ชื่อที่แสดง"),
        "Key": _("ชื่อตัวแปร"),
        "Path": _("ทางของตัวแปร"),
        "ID": _("รหัส"),
        "Version tag": _("ป้ายรุ่น"),
        "Value": _("ค่า"),
        "Text": _("ข้อความ"),
        "Type": _("ชนิด"),
        "Default value": _("ค่าเริ่ม"),
        "Disabled": _("ปิดไม่ให้กรอก"),
        "Read only": _("อ่านอย่างเดียว"),
        "Required": _("ต้องกรอก"),
        "Minimum": _("ค่าน้อยที่สุด"),
        "Maximum": _("ค่ามากที่สุด"),
        "Minimum length": _("ยาวอย่างน้อย"),
        "Maximum length": _("ยาวไม่เกิน"),
        "Validation pattern": _("รูปแบบที่ต้องตรง"),
        "Custom regular expression": _("รูปแบบเขียนเอง"),
        "Custom error message": _("คำเตือนเขียนเอง"),
        "Decimal digits": _("ทศนิยม"),
        "Increment": _("เพิ่มทีละ"),
        "Output as string": _("เก็บเป็นข้อความ"),
        "Subtype": _("ชนิดย่อย"),
        "Use 24h": _("ใช้เวลา 24 ชั่วโมง"),
        "Disallow past dates": _("ไม่รับวันที่ผ่านมาแล้ว"),
        "Time interval": _("ช่วงเวลา"),
        "Time format": _("รูปแบบเวลา"),
        "Searchable": _("ค้นในรายการได้"),
        "Input values key": _("ตัวแปรที่มีตัวเลือก"),
        "Prefix": _("คำนำหน้า"),
        "Suffix": _("คำต่อท้าย"),
        "Columns": _("จำนวนคอลัมน์"),
        "Vertical alignment": _("จัดแนวตั้ง"),
        "Show outline": _("แสดงกรอบ"),
        "Height": _("ความสูง"),
        "Hide if": _("ซ่อนเมื่อ"),
    }


def _choices() -> Mapping[str, str]:
    return {
        "<none>": _("ไม่เลือก"),
        "<empty>": _("ยังไม่มีชื่อ"),
        "Checked": _("เลือกไว้"),
        "Not checked": _("ไม่เลือกไว้"),
        "Auto": _("อัตโนมัติ"),
        "Top": _("บน"),
        "Center": _("กลาง"),
        "Bottom": _("ล่าง"),
        "Custom": _("เขียนเอง"),
        "Email": _("อีเมล"),
        "Phone": _("โทรศัพท์"),
        "Date": _("วันที่"),
        "Time": _("เวลา"),
        "Date & Time": _("วันที่และเวลา"),
        "Static": _("เขียนไว้ในแบบฟอร์ม"),
        "Input data": _("จากตัวแปร"),
        "Expression": _("สูตร FEEL"),
        "UTC offset": _("เวลาตามเขต"),
        "UTC normalized": _("เวลา UTC"),
        "No timezone": _("ไม่ระบุเขตเวลา"),
    }


def _told() -> Mapping[str, str]:
    return {
        "Binds to a form variable": _("เก็บค่าไว้ในตัวแปรนี้"),
        "Define an expression to populate the options from.": _("สูตรที่ให้ตัวเลือก"),
        "Define which input property to populate the values from": _("ตัวแปรที่มีรายการตัวเลือก"),
        "Allows arbitrary precision values": _("เก็บตัวเลขได้ละเอียดไม่จำกัด"),
        "Condition under which the field is hidden": _("เงื่อนไขที่ซ่อนช่องนี้"),
        "Add properties directly to the form schema, useful to configure functionality in custom-built task applications and form renderers.": _(  # noqa: E501 - the editor's own words
            "คุณสมบัติที่เขียนไว้กับช่อง เช่น widget บอกว่าเป็นช่องบุคคลหรือหน่วยงาน"
        ),
        "Disable this field when it should not be interactive for end-users. Its data will not be submitted. This setting takes precedence over read-only.": _(  # noqa: E501 - the same
            "ช่องที่ปิดไว้กรอกไม่ได้ และไม่ส่งค่า มีผลก่อนอ่านอย่างเดียว"
        ),
        "Make this field read-only when it cannot be edited by the end-user, but its content is important for them to see. Its data will still be submitted.": _(  # noqa: E501 - the same
            "ผู้ใช้เห็นค่าแต่แก้ไม่ได้ ค่ายังส่งไปด้วย"
        ),
        'Use a unique "key" to link the form element and the related input/output data. When dealing with nested data, break it down in the user task\'s input mapping before using it.': _(  # noqa: E501 - the same
            "ชื่อตัวแปรที่เก็บค่าของช่อง ต้องไม่ซ้ำกันในแบบฟอร์ม"
        ),
        "The error message to display when the input does not match the regular expression.": _(
            "คำเตือนที่แสดงเมื่อค่าไม่ตรงรูปแบบ"
        ),
    }


def _refused() -> Mapping[str, str]:
    return {
        "Must not be empty.": _("ต้องไม่ว่าง"),
        "Must not be empty": _("ต้องไม่ว่าง"),
        "Must be unique.": _("ต้องไม่ซ้ำ"),
        "Must not contain spaces.": _("ต้องไม่มีช่องว่าง"),
        "Must be a variable or a dot separated path.": _("ต้องเป็นชื่อตัวแปร"),
        "Should be a valid number.": _("ต้องเป็นตัวเลข"),
        "Should be a valid number": _("ต้องเป็นตัวเลข"),
        "Should be an integer.": _("ต้องเป็นจำนวนเต็ม"),
        "Should be greater than zero.": _("ต้องมากกว่าศูนย์"),
        "Should be greater than or equal to zero.": _("ต้องไม่ติดลบ"),
        "Should be at least {0}.": _("ต้องไม่น้อยกว่า {0}"),
        "Should be at most {0}.": _("ต้องไม่เกิน {0}"),
        "Unparsable FEEL expression.": _("อ่านสูตร FEEL ไม่ได้"),
        "FEEL expression is mandatory": _("ต้องเป็นสูตร FEEL"),
    }
