"""What the designer says in the reader's language: kinds of elements, refusals, its own words."""

from __future__ import annotations

from collections.abc import Mapping

from api.pages.i18n import gettext as _

#: what stands in the table of a diagram: whatever happens or decides in it
SHOWN = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
        "boundaryEvent", "task", "userTask", "manualTask", "serviceTask", "sendTask",
        "receiveTask", "scriptTask", "businessRuleTask", "callActivity", "subProcess",
        "transaction", "adHocSubProcess", "exclusiveGateway", "parallelGateway",
        "inclusiveGateway", "eventBasedGateway", "complexGateway",
    }
)  # fmt: skip


def kinds() -> Mapping[str, str]:
    """What people call an element, by its BPMN name."""
    return {
        "process": _("กระบวนการ"),
        "collaboration": _("การทำงานร่วมกัน"),
        "participant": _("พูล"),
        "lane": _("เลน"),
        "startEvent": _("เหตุการณ์เริ่ม"),
        "endEvent": _("เหตุการณ์จบ"),
        "intermediateCatchEvent": _("เหตุการณ์ที่รอ"),
        "intermediateThrowEvent": _("เหตุการณ์ที่แจ้งออก"),
        "boundaryEvent": _("เหตุการณ์ที่ขอบ"),
        "task": _("งานทั่วไป"),
        "userTask": _("งานของคน"),
        "manualTask": _("งานนอกระบบ"),
        "serviceTask": _("งานของระบบ"),
        "sendTask": _("งานส่งข้อความ"),
        "receiveTask": _("งานรับข้อความ"),
        "scriptTask": _("งานคำนวณ"),
        "businessRuleTask": _("งานตัดสินใจตามตาราง"),
        "callActivity": _("เรียกกระบวนการอื่น"),
        "subProcess": _("กระบวนการย่อย"),
        "transaction": _("ธุรกรรม"),
        "adHocSubProcess": _("กระบวนการย่อยไม่เรียงลำดับ"),
        "exclusiveGateway": _("ทางแยก เลือกทางเดียว"),
        "parallelGateway": _("ทางแยก ไปทุกทางพร้อมกัน"),
        "inclusiveGateway": _("ทางแยก เลือกได้หลายทาง"),
        "eventBasedGateway": _("ทางแยก ตามเหตุการณ์ที่มาก่อน"),
        "complexGateway": _("ทางแยกซับซ้อน"),
        "sequenceFlow": _("เส้นลำดับ"),
        "messageFlow": _("เส้นข้อความ"),
        "association": _("เส้นโยงหมายเหตุ"),
        "textAnnotation": _("หมายเหตุ"),
        "group": _("กลุ่ม"),
        "dataObjectReference": _("ข้อมูล"),
        "dataStoreReference": _("แหล่งเก็บข้อมูล"),
        "globalTask": _("งานที่ใช้ร่วมกัน"),
        "multiInstanceLoopCharacteristics": _("ทำหลายครั้ง"),
        "standardLoopCharacteristics": _("ทำหลายครั้ง"),
        "timerEventDefinition": _("ตัวตั้งเวลา"),
        "messageEventDefinition": _("ข้อความระหว่างกระบวนการ"),
        "signalEventDefinition": _("สัญญาณ"),
        "dataInputAssociation": _("เส้นข้อมูล"),
        "dataOutputAssociation": _("เส้นข้อมูล"),
        "performer": _("ผู้ทำ"),
        "humanPerformer": _("ผู้ทำ"),
        "potentialOwner": _("ผู้ทำ"),
    }


def facts() -> Mapping[str, str]:
    """What an element says, by its attribute or by the tag inside it."""
    return {
        "name": _("ชื่อที่แสดง"),
        "text": _("ข้อความหมายเหตุ"),
        "kind": _("ชนิด"),
        "documentation": _("คำอธิบายสำหรับผู้ใช้"),
        "sourceRef": _("ออกจาก"),
        "targetRef": _("ไปต่อที่"),
        "conditionExpression": _("เงื่อนไข"),
        "default": _("ทาง “นอกจากนั้น” ของทางแยก"),
        "isExecutable": _("ใช้เดินเรื่องจริง"),
        "attachedToRef": _("ติดอยู่ที่"),
        "calledElement": _("กระบวนการที่เรียก"),
        "script": _("การคำนวณ"),
        "multiInstanceLoopCharacteristics": _("ทำหลายครั้ง"),
        "standardLoopCharacteristics": _("ทำหลายครั้ง"),
        "timerEventDefinition": _("ตัวตั้งเวลา"),
        "messageEventDefinition": _("ข้อความระหว่างกระบวนการ"),
        "signalEventDefinition": _("สัญญาณ"),
        "saraban:title": _("ชื่อเรื่องในรายการ"),
        "saraban:start": _("การเริ่มและชื่อเรื่อง"),
        "saraban:assignment": _("ผู้ทำได้"),
        "saraban:exclude": _("ผู้ห้ามทำ"),
        "saraban:form": _("แบบฟอร์มที่ใช้"),
        "saraban:outcomes": _("ผลลัพธ์และการส่งคืน"),
        "saraban:return": _("ส่งคืนได้ถึงขั้น"),
        "saraban:due": _("ครบกำหนดใน"),
        "saraban:priority": _("ความเร่งด่วน"),
        "saraban:act": _("สิ่งที่ต้องทำเมื่อเสร็จ"),
        "saraban:reminder": _("เตือนเมื่อผ่านไปแล้ว"),
        "saraban:escalation": _("การยกระดับ"),
        "saraban:action": _("สิ่งที่ระบบทำ"),
        "saraban:decision": _("ตารางตัดสินใจ"),
        "saraban:correlation": _("กุญแจที่จับคู่"),
        "saraban:input": _("ค่าที่ส่งเข้า"),
        "saraban:output": _("ค่าที่รับกลับ"),
    }


def refusals() -> Mapping[str, str]:
    """Why something was not kept, by its code."""
    return {
        "required": _("ใส่ชื่อ"),
        "taken": _("รหัสนี้มีผู้ใช้แล้ว"),
        "key": _("รหัสใช้ a-z ตัวเลข และ - ขึ้นต้นด้วยตัวอักษร ไม่เกิน 60 ตัว"),
        "no_diagram": _("เลือกไฟล์ .bpmn อย่างน้อยหนึ่งไฟล์"),
        "bad_zip": _("เปิดไฟล์ ZIP ไม่ได้ หรือมีรหัสผ่าน บีบอัดใหม่แล้วนำเข้าอีกครั้ง"),
        "unknown_file": _("ใช้ได้เฉพาะไฟล์ .bpmn .dmn และ .form.json"),
        "too_many": _("ไฟล์มากหรือใหญ่เกินไป รวมกันได้ไม่เกิน 8 MB"),
        "too_long": _("คำอธิบายยาวเกินไป ไม่เกิน 1,000 อักษร"),
        "too_many_comments": _("ผังมีหมายเหตุเกิน 2,000 แห่ง ลบบางส่วนหรือเขียนเป็นคำอธิบายของขั้น"),
        "too_many_templates": _("มีแม่แบบครบ 200 แล้ว ลบที่ไม่ใช้ก่อน"),
        "too_large": _("ชุดทดสอบใหญ่เกินที่รับได้"),
        "unreadable_tests": _("อ่านไฟล์ชุดทดสอบไม่ได้"),
        "drawn": _("ไฟล์ชื่อนี้คือผังเอง นำเข้าเป็นร่างใหม่แทน"),
        "not_utf8": _("ไฟล์ไม่ใช่ UTF-8 บันทึกเป็น UTF-8 แล้วนำเข้าอีกครั้ง"),
        "not_xml": _("ไฟล์ไม่ใช่ XML ที่อ่านได้ ส่งออกจากเครื่องมือเดิมอีกครั้ง"),
        "not_bpmn": _("ไฟล์ไม่ใช่ผัง BPMN 2.0"),
        "doctype_not_allowed": _("ไฟล์มี DOCTYPE ซึ่งไม่รับ เอาออกแล้วนำเข้าอีกครั้ง"),
        "file_too_large": _("ไฟล์ใหญ่เกิน 2 MB แยกผังเป็นกระบวนการที่เรียกกัน"),
        "file_too_complex": _("ผังซับซ้อนเกินไป แยกเป็นกระบวนการที่เรียกกัน"),
    }
