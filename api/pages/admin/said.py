"""Words of the administrators' pages: refusals with what to do first, kinds, events, fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.pages import thdate, words
from api.pages.i18n import LazyText, language
from api.pages.i18n import lazy_gettext as _
from office.accounts.compulsion import WHOM
from office.connectors.rules import AUTHS
from office.correspondence import rules as books
from office.documents.policy import METHODS
from office.people import rules
from office.people.queries import OrgEvent
from office.people.rights import RIGHTS

REFUSALS: Mapping[str, LazyText] = {
    "stale": _("มีผู้แก้ก่อนท่าน สิ่งที่ท่านพิมพ์ยังอยู่ ตรวจกับค่าล่าสุดแล้วบันทึกอีกครั้ง"),
    "taken": _("มีผู้ใช้รหัสหรือชื่อนี้แล้ว เลือกอย่างอื่น"),
    "bad_code": _("ใช้อักษรอังกฤษตัวเล็ก ตัวเลข จุด และขีด ขึ้นต้นด้วยอักษรหรือตัวเลข"),
    "inactive": _("ปิดไปแล้ว เปิดใช้อีกครั้งก่อน หรือเลือกอย่างอื่น"),
    "not_empty": _("ยังมีหน่วยหรือตำแหน่งที่ใช้อยู่ข้างใน ย้ายหรือปิดสิ่งเหล่านั้นก่อน"),
    "tasks_open": _("ยังมีงานรออยู่ มอบหมายงานเหล่านั้นใหม่ก่อน"),
    "has_below": _("ยังมีตำแหน่งขึ้นตรงอยู่ เปลี่ยนตำแหน่งบังคับบัญชาของตำแหน่งเหล่านั้นก่อน"),
    "lent": _("ยังมีคำสั่งรักษาการในตำแหน่งนี้ ยกเลิกคำสั่งก่อน"),
    "changed_since": _("มีการเปลี่ยนแปลงหลังจากที่แสดงไว้ ยังไม่มีอะไรเปลี่ยนจากการกดครั้งนี้ ตรวจใหม่อีกครั้ง"),
    "at_work": _("กำลังนำเข้าอยู่ รอให้เสร็จก่อน"),
    "circle": _("จะวนกลับมาหาตัวเอง เลือกที่อยู่นอกสายนี้"),
    "held": _("มีผู้ดำรงตำแหน่งในช่วงนั้น ส่งมอบ หรือสิ้นสุดผู้ดำรงเดิมก่อน"),
    "second_primary": _("คนนี้มีตำแหน่งหลักอยู่แล้วในช่วงนั้น ตั้งเป็นตำแหน่งรอง หรือสิ้นสุดตำแหน่งหลักเดิมก่อน"),
    "seated": _("คนนี้เป็นกรรมการในคณะนี้อยู่แล้วในช่วงนั้น"),
    "chaired": _("มีประธานอยู่แล้วในช่วงนั้น สิ้นสุดวาระประธานเดิมก่อน"),
    "held_already": _("มีผู้สั่งห้ามทำลายเรื่องนี้ไว้แล้ว"),
    "not_held": _("ไม่มีคำสั่งห้ามทำลายเรื่องนี้"),
    "destroyed": _("แฟ้มของเรื่องนี้ทำลายไปแล้ว"),
    "nothing_due": _("ไม่มีเรื่องในคลังที่ครบกำหนดทำลายและไม่ถูกห้ามทำลาย"),
    "destruction_running": _("มีการขอทำลายที่ยังพิจารณาไม่เสร็จ รอให้จบก่อน"),
    "definition_not_found": _("หน่วยงานยังไม่มีกระบวนการทำลาย เผยแพร่แฟ้มใน bpmn/destruction ก่อน"),
    "same_person": _("หัวหน้าส่วนราชการหรือผู้รักษาราชการแทนต้องไม่เป็นกรรมการ และไม่ใช่ผู้ขอ"),
    "asker_chairs": _("ผู้ขอเป็นประธานกรรมการไม่ได้"),
    "no_head": _("ยังไม่มีตำแหน่งหัวหน้าส่วนราชการตำแหน่งเดียวในหน่วยบนสุด ตั้งที่หน่วยและตำแหน่งก่อน"),
    "route_changed": _(
        "กระบวนการทำลายของหน่วยงานไม่ตรงกับที่มากับระบบ เผยแพร่แฟ้มใน bpmn/destruction ตามเดิมก่อน"
    ),
    "unknown_person": _("ไม่มีชื่อผู้ใช้นี้ในหน่วยงาน เลือกจากรายการ"),
    "granted": _("คนนี้ได้รับบทบาทนี้อยู่แล้ว"),
    "process_granted": _("ให้สิทธินี้ไว้แล้ว"),
    "own_grant": _("ท่านให้สิทธิที่ถึงตัวท่านเองไม่ได้ ขอให้ผู้ดูแลคนอื่นเป็นผู้ให้"),
    "cleared": _("คนนี้ได้รับอนุญาตอยู่แล้วในช่วงนั้น ถอนการอนุญาตเดิมก่อน"),
    "own_clearance": _("ท่านให้ตนเองเข้าถึงชั้นความลับไม่ได้ ขอให้ผู้ดูแลคนอื่นเป็นผู้บันทึก"),
    "top_secret": _("ชั้นลับที่สุดไม่รับส่งด้วยระบบสารบรรณอิเล็กทรอนิกส์ (ข้อ 29) จึงให้ไม่ได้"),
    "ended": _("สิ้นสุดไปแล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "own_post": _("คนนี้ดำรงตำแหน่งนี้เองในช่วงนั้น เลือกผู้อื่น"),
    "rival": _("มีคำสั่งให้ผู้อื่นรักษาการตำแหน่งนี้อยู่แล้วในช่วงนั้น ยกเลิกคำสั่งเดิมก่อน"),
    "revoked": _("คำสั่งนี้ยกเลิกไปแล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "full_powers": _("จำกัดเรื่องได้เฉพาะปฏิบัติราชการแทน รักษาราชการแทนและรักษาการมีอำนาจเต็ม"),
    "overlap": _("มีการลาในช่วงนั้นอยู่แล้ว ยกเลิกของเดิมก่อน"),
    "over": _("การลานี้จบไปแล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "not_theirs": _("คนนี้ไม่ได้ดำรงตำแหน่งนี้ในวันเหล่านั้น เลือกใหม่"),
    "no_post": _("คนนี้ไม่มีตำแหน่งให้ทำแทนในช่วงนั้น"),
    "nobody_is_cleared": _("ยังไม่มีผู้ได้รับอนุญาตให้เข้าถึงชั้นความลับ บันทึกการอนุญาตก่อน แล้วเปิดรับอีกครั้ง"),
    "unencrypted": _("ยืนยันว่าทราบว่าระบบยังไม่เข้ารหัสสิ่งที่เก็บ"),
    "number_prefix": _("ใส่อักษรย่อแล้วเว้นวรรคตามด้วยเลขของหน่วย เช่น ตย 0201 หรือ กค 0402.2"),
    "number_used": _("เล่มออกเลขนี้ไปแล้ว ใส่เลขที่สูงกว่าเลขล่าสุด เลขหนึ่งใช้ได้ครั้งเดียว"),
    "number_next": _("เล่มจะออกเลขนี้เป็นเลขถัดไปอยู่แล้ว ใส่เลขที่สูงกว่า"),
    "unknown_book": _("เลือกเล่มจากรายการ"),
    "unknown_book_code": _("ไม่มีเล่มชนิดนี้ของรหัสนี้ ใช้รหัสเลขที่หนังสือหรือรหัสหน่วยตามรายการ"),
    "counts_with_letters": _("หนังสือเวียนนับร่วมกับหนังสือส่ง เลือกเล่มหนังสือส่ง หรือเปลี่ยนวิธีนับก่อน"),
    "circulars_numbered": _("มีหนังสือเวียนที่ออกเลขแล้ว วิธีนับจึงเปลี่ยนไม่ได้ เลขที่ออกแล้วจะซ้ำกัน"),
    "bad_hours": _("ใส่เวลาเรียงกันและไม่ทับกัน อย่างน้อยหนึ่งวันต้องทำงาน"),
    "own_self": _("เลือกคนอื่น ท่านทำกับตัวเองไม่ได้"),
    "excluded_left": _("ผู้รับงานต่อทำบางงานไม่ได้ เพราะทำขั้นก่อนหน้ามาแล้ว ส่งงานเหล่านั้นให้ผู้อื่นก่อน"),
    "bad_email": _("ใส่ที่อยู่อีเมลเดียว เช่น somchai@example.go.th"),
    "last_keeper": _(
        "เป็นคนสุดท้ายที่ให้สิทธินี้แก่ผู้อื่นได้ ถ้าเอาออกจะไม่มีใครในหน่วยงานให้สิทธินี้ได้อีก"
        " ให้บทบาทแก่ผู้ดูแลคนอื่นโดยไม่กำหนดวันสิ้นสุดก่อน"
    ),
    "exists": _("มีบัญชีอยู่แล้ว"),
    "provider_silent": _(
        "ผู้ให้บริการไม่ตอบ หรือประกาศตัวเองเป็นชื่ออื่น ตรวจ Issuer ให้ตรงทุกตัวอักษร"
        " ที่อยู่ในเครือข่ายภายในต้องให้ผู้ติดตั้งระบบอนุญาตก่อน"
    ),
    "secret_anew": _("เปลี่ยน Issuer แล้ว ใส่ Client secret ของผู้ให้บริการใหม่ด้วย"),
    "too_many_providers": _("มีผู้ให้บริการครบจำนวนแล้ว แก้รายที่ไม่ใช้แทน"),
    "linked": _("บัญชีนี้ของผู้ให้บริการเชื่อมกับคนอื่นอยู่ เลิกเชื่อมที่คนนั้นก่อน"),
    "entered": _("มีผู้เข้าหน่วยงานนี้แล้ว ผู้ดูแลของหน่วยงานเปิดทางให้คนของตนเอง"),
    "not_https": _("ใช้ที่อยู่ที่ขึ้นต้นด้วย https:// เท่านั้น"),
    "bad_path": _("ใส่เส้นทางที่ขึ้นต้นด้วย / เช่น /rates/{code} ไม่มี ? # และ .."),
    "bad_header": _("ส่วนหัวเป็นอักษรอังกฤษบรรทัดเดียว และไม่ใช่ส่วนหัวที่ระบบใส่เอง"),
    "bad_secret": _("ความลับเป็นอักษรอังกฤษ ตัวเลข และเครื่องหมาย ในบรรทัดเดียว"),
    "secret_again": _("ใส่ความลับอีกครั้ง เพราะที่อยู่หรือวิธีพิสูจน์ตัวตนเปลี่ยนไป"),
    "out_of_range": _("ตัวเลขนี้น้อยหรือมากเกินไป"),
    "no_certificate": _("ไฟล์นี้ไม่มีใบรับรอง (PEM หรือ DER)"),
    "not_authority": _("ใบรับรองในไฟล์ไม่ใช่ของผู้ออกใบรับรอง"),
    "expired": _("ใบรับรองในไฟล์หมดอายุแล้ว"),
    "too_many_lines": _("พิมพ์ได้ไม่เกิน 5 แถว"),
    "too_many_units": _("มีข้อความของหน่วยครบ 100 หน่วยแล้ว ล้างของหน่วยที่ปิดแล้วก่อน"),
    "too_many": _("ไฟล์มีใบรับรองมากเกินไป ไม่เกิน 20 ใบ"),
    "too_large": _("ไฟล์ใหญ่เกินไป ไม่เกิน 200 KB"),
    "forbidden": _("ท่านให้ได้เฉพาะสิทธิที่ท่านมีเอง ขอให้ผู้ที่มีสิทธินั้นเป็นผู้ทำ"),
}

TABLES: Mapping[str, LazyText] = {
    "units": _("หน่วย"),
    "positions": _("ตำแหน่ง"),
    "people": _("คน"),
    "posts": _("ตำแหน่งรองของคน"),
    "seats": _("กรรมการของคณะ"),
    "grants": _("บทบาทของคน"),
    "clearances": _("ชั้นความลับของคน"),
}
#: what a large file that is brought in has come to
IMPORT_STATES: Mapping[str, LazyText] = {
    "checking": _("กำลังตรวจ"),
    "ready": _("รอยืนยัน"),
    "unchanged": _("ไม่มีอะไรต้องนำเข้า"),
    "refused": _("ต้องแก้ไฟล์"),
    "applying": _("กำลังนำเข้า"),
    "applied": _("นำเข้าแล้ว"),
    "dropped": _("ไม่ได้นำเข้า"),
}
IMPORT_REFUSED = _("นำเข้าไม่ได้ สิทธิของผู้ส่งไฟล์อาจเปลี่ยนไป ยังไม่มีอะไรเปลี่ยน")
#: what is wrong with a cell of a file, by code
MISTAKES: Mapping[str, LazyText] = {
    "required": _("ต้องมีค่า"),
    "unknown": _("ไม่มีรหัสนี้ในหน่วยงานหรือในไฟล์"),
    "twice": _("ซ้ำกับแถวหรือคอลัมน์อื่น"),
    "unknown_column": _("ไม่รู้จักคอลัมน์นี้ ใช้ชื่อตามไฟล์ที่ส่งออก"),
    "no_column": _("ขาดคอลัมน์นี้"),
    "too_long": _("ยาวเกิน 1,000 อักษร"),
    "beyond": _("มีค่าเกินคอลัมน์ของหัวตาราง"),
    "not_utf8": _("บันทึกไฟล์เป็น UTF-8"),
    "not_csv": _("อ่านเป็น CSV ไม่ได้ ตรวจเครื่องหมายคำพูดในแถวนี้"),
    "not_xlsx": _("อ่านเป็น XLSX ไม่ได้ บันทึกใหม่จากโปรแกรมตารางคำนวณ"),
    "empty": _("ไฟล์ไม่มีหัวตาราง"),
    "second_primary": _("คนนี้มีตำแหน่งหลักอื่นที่เริ่มหลังจากนั้น สิ้นสุดที่หน้าตำแหน่งก่อน"),
    "stays": _("ใส่วันเฉพาะเมื่อตำแหน่งเปลี่ยน ตำแหน่งนี้คงเดิมและเริ่มวันอื่น"),
    "bad_day": _("ใส่วันที่ เช่น 23/11/2569 หรือ 2026-11-23"),
    "too_early": _("วันนี้อยู่ก่อนวันที่เริ่มดำรงตำแหน่งเดิม ใส่วันหลังจากนั้น"),
    "main_post": _("เป็นตำแหน่งหลักของคนนี้อยู่แล้ว แก้ที่ตารางคน"),
    "seat": _("เป็นที่นั่งในคณะกรรมการ แก้ที่ตารางกรรมการของคณะ"),
    "begun": _("คนนี้ได้ตำแหน่งหรือบทบาทนี้ตั้งแต่วันอื่นและยังไม่สิ้นสุด ใส่วันนั้น หรือใส่วันสุดท้ายก่อน"),
    "only_sooner": _("เลื่อนวันสุดท้ายให้เร็วขึ้นได้เท่านั้น จะต่อเวลาให้เพิ่มแถวที่เริ่มหลังวันสุดท้ายเดิม"),
    "no_committee": _("รหัสนี้เป็นหน่วย ไม่ใช่คณะกรรมการ"),
    "bad_seat": _(
        "ใส่ ประธานกรรมการ รองประธานกรรมการ กรรมการ กรรมการและเลขานุการ กรรมการและผู้ช่วยเลขานุการ"
        " หรือรหัสที่นั่งของคณะนั้น"
    ),
    "bad_level": _("ใส่ ลับ หรือ ลับมาก"),
    "other_order": _("คำสั่งไม่ตรงกับที่บันทึกไว้ ถอนการอนุญาตเดิมก่อน แล้วให้ใหม่ตามคำสั่งใหม่"),
    "rejected": _("สิ้นสุดก่อนวันนี้อยู่แล้ว"),
    "more_rights": _("บุคคลนี้มีสิทธิที่ท่านไม่มี ท่านจึงทำรายการนี้กับบัญชีของบุคคลนี้ไม่ได้ ให้ผู้ที่มีสิทธิเดียวกันเป็นผู้ทำ"),
}

#: event type -> sentence
EVENTS: Mapping[str, LazyText] = {
    "agency.founded": _("ตั้งหน่วยงานในระบบ"),
    "agency.changed": _("แก้ข้อมูลหน่วยงาน"),
    "house.founded": _("ตั้งหน่วยงานใหม่ในระบบ"),
    "house.invited": _("ออกลิงก์ใหม่ให้ผู้ดูแลคนแรกของหน่วยงาน"),
    "secret_letters.chosen": _("เลือกว่ารับหนังสือชั้นความลับหรือไม่"),
    "signing_methods.chosen": _("เปลี่ยนวิธียืนยันตัวตนของผู้ลงนาม"),
    "unit.added": _("เพิ่มหน่วย"),
    "unit.changed": _("แก้หน่วย"),
    "position.added": _("เพิ่มตำแหน่ง"),
    "position.changed": _("แก้ตำแหน่ง"),
    "holding.began": _("ให้ดำรงตำแหน่ง"),
    "holding.ended": _("สิ้นสุดการดำรงตำแหน่ง"),
    "role.added": _("เพิ่มบทบาท"),
    "role.changed": _("แก้บทบาท"),
    "role.granted": _("ให้บทบาท"),
    "role.ended": _("เอาบทบาทคืน"),
    "clearance.granted": _("ให้เข้าถึงชั้นความลับ"),
    "clearance.withdrawn": _("ถอนการอนุญาตให้เข้าถึงชั้นความลับ"),
    "person.added": _("เพิ่มคน"),
    "person.changed": _("แก้ข้อมูลคน"),
    "person.left": _("พ้นหน้าที่"),
    "trust.added": _("เพิ่มผู้ออกใบรับรองที่เชื่อถือ"),
    "trust.removed": _("เลิกเชื่อถือผู้ออกใบรับรอง"),
    "key.enrolled": _("นำกุญแจลงนามใหม่มาใช้"),
    "key.revoked": _("เพิกถอนกุญแจลงนาม"),
    "key.retired": _("เลิกใช้กุญแจลงนาม"),
    "seal.enrolled": _("ลงทะเบียนตราอิเล็กทรอนิกส์ของหน่วยงาน"),
    "seal.revoked": _("เพิกถอนตราอิเล็กทรอนิกส์ของหน่วยงาน"),
    "seal.faulty": _("ตราอิเล็กทรอนิกส์ของหน่วยงานถูกพัก เพราะกุญแจไม่รับ PIN"),
    "seal.granted": _("เปลี่ยนกระบวนการที่ใช้ตราของหน่วยงานได้"),
    "template.saved": _("บันทึกแม่แบบของกระบวนการ"),
    "template.removed": _("ลบแม่แบบของกระบวนการ"),
    "connector.added": _("เพิ่มตัวเชื่อมต่อ"),
    "connector.changed": _("แก้ตัวเชื่อมต่อ"),
    "connector.removed": _("ลบตัวเชื่อมต่อ"),
    "connector.tried": _("ลองเรียกตัวเชื่อมต่อ"),
    "person.tasks_handed_on": _("ส่งต่องานทั้งหมด"),
    "instrument.recorded": _("บันทึกคำสั่งรักษาการ"),
    "instrument.revoked": _("ยกเลิกคำสั่งรักษาการ"),
    "leave.recorded": _("บันทึกการลา"),
    "leave.cancelled": _("ยกเลิกการลา"),
    "secrets.resealed": _("เข้ารหัสข้อมูลลับใหม่ด้วยกุญแจปัจจุบัน"),
    "account.created": _("เปิดบัญชีให้เข้าสู่ระบบ"),
    "account.unlocked": _("ปลดล็อกบัญชี"),
    "account.password_changed": _("เปลี่ยนรหัสผ่าน"),
    "account.reset_requested": _("ขอลิงก์ตั้งรหัสผ่าน"),
    "factor.confirmed": _("เปิดการยืนยันตัวตนขั้นที่สอง"),
    "factor.used": _("ใช้รหัสจากแอป"),
    "factor.removed": _("ถอดการยืนยันตัวตนขั้นที่สอง"),
    "factor.codes_renewed": _("ออกรหัสกู้คืนชุดใหม่"),
    "factor.compelled": _("กำหนดผู้ที่ต้องยืนยันตัวตนขั้นที่สอง"),
    "passkey.enrolled": _("เพิ่มพาสคีย์"),
    "passkey.removed": _("ถอดพาสคีย์"),
    "passkey.copied": _("ปฏิเสธพาสคีย์ที่อาจเป็นสำเนา"),
    "passkey.used": _("ใช้พาสคีย์"),
    "factor.recovery_used": _("ใช้รหัสกู้คืน"),
    "session.revoked": _("ออกจากระบบให้"),
    "provider.added": _("เพิ่มผู้ให้บริการยืนยันตัวตน"),
    "provider.changed": _("แก้ผู้ให้บริการยืนยันตัวตน"),
    "provider.secret_changed": _("เปลี่ยนความลับของผู้ให้บริการยืนยันตัวตน"),
    "identity.linked": _("เชื่อมบัญชีกับผู้ให้บริการ"),
    "identity.unlinked": _("เลิกเชื่อมบัญชีกับผู้ให้บริการ"),
    "token.issued": _("ออกโทเค็นของ API"),
    "token.revoked": _("ยกเลิกโทเค็นของ API"),
    "calendar.added": _("เพิ่มปฏิทิน"),
    "calendar.changed": _("แก้ปฏิทิน"),
    "calendar.day_set": _("กำหนดวันในปฏิทิน"),
    "calendar.day_removed": _("เอาวันออกจากปฏิทิน"),
    "calendar.imported": _("นำเข้าวันหยุดราชการ"),
    "table.imported": _("นำเข้าตาราง"),
    "table.brought": _("ส่งไฟล์ใหญ่เพื่อนำเข้า"),
    "table.confirmed": _("ยืนยันให้นำเข้าไฟล์ใหญ่"),
    "table.dropped": _("ไม่นำเข้าไฟล์ใหญ่"),
    "number.settled": _("ปิดเลขที่จองไว้และไม่ได้ใช้"),
    "number.voided": _("ยกเลิกเลขที่จองไว้"),
    "numbering.changed": _("เปลี่ยนวิธีนับเลขหนังสือเวียน"),
    "numbering.started": _("เริ่มเล่มต่อจากทะเบียนกระดาษ"),
    "greetings.changed": _("เปลี่ยนรายชื่อผู้ที่ใช้คำขึ้นต้นว่ากราบเรียน"),
    "greetings.reworded": _("แก้คำขึ้นต้นและคำลงท้าย"),
    "greetings.rows_changed": _("แก้ตารางคำขึ้นต้นของหน่วยงาน"),
    "letterhead.changed": _("แก้ข้อความบนหนังสือ"),
    "emblem.changed": _("เปลี่ยนตราประจำส่วนราชการ"),
    "template.kept": _("เก็บแม่แบบหนังสือ"),
    "template.away": _("เลิกใช้แม่แบบหนังสือ"),
    "model.created": _("สร้างร่างผังกระบวนการ"),
    "model.changed": _("แก้ร่างผังกระบวนการ"),
    "model.published": _("เผยแพร่ผังกระบวนการ"),
    "model.file_added": _("เพิ่มไฟล์ในร่างผังกระบวนการ"),
    "model.file_removed": _("เอาไฟล์ออกจากร่างผังกระบวนการ"),
    "model.discarded": _("ทิ้งร่างผังกระบวนการ"),
    "job.retried": _("ลองงานของระบบที่ไม่สำเร็จใหม่"),
    "job.skipped": _("ข้ามงานของระบบที่ไม่สำเร็จ"),
    "message.sent": _("ส่งข้อความถึงเรื่องด้วยตนเอง"),
    "facts.told": _("บอกข้อเท็จจริงด้วยตนเอง"),
    "archive.asked": _("สั่งเก็บเรื่องที่ครบกำหนดเข้าคลัง"),
    "permission.granted": _("ให้สิทธิเฉพาะกระบวนการ"),
    "permission.ended": _("ถอนสิทธิเฉพาะกระบวนการ"),
    "chain.created": _("สร้างสายอนุมัติ"),
    "chain.changed": _("แก้ร่างสายอนุมัติ"),
    "chain.undone": _("เลิกทำการแก้ร่างสายอนุมัติ"),
    "chain.redone": _("ทำซ้ำการแก้ร่างสายอนุมัติที่เลิกทำ"),
    "chain.renewed": _("ใช้รุ่นที่เผยแพร่แทนร่างสายอนุมัติ"),
    "chain.published": _("เผยแพร่สายอนุมัติ"),
    "chain.drawn": _("เปิดสายอนุมัติเป็นร่างผัง"),
    "chain.discarded": _("ทิ้งร่างสายอนุมัติ"),
}

#: what is told of an event, in this order; everything else in it is for machines
FIELDS: Mapping[str, LazyText] = {
    "code": _("รหัส"),
    "book": _("เล่ม"),
    "first": _("เลขแรกที่ออกในระบบ"),
    "key": _("กระบวนการ"),
    "version": _("รุ่น"),
    "tests_left": _("ชุดทดสอบที่ทิ้ง"),
    "tests_reason": _("เหตุผลที่ทิ้งชุดทดสอบ"),
    "changed_by": _("ผู้แก้ครั้งนั้น"),
    "unpublished": _("ทิ้งการ์ดที่ยังไม่เผยแพร่"),
    "matter": _("ทำอะไร"),
    "action": _("งานของระบบ"),
    "principal": _("ผู้ได้รับ"),
    "number": _("เลขที่"),
    "note": _("เหตุผล"),
    "username": _("คน"),
    "position": _("ตำแหน่ง"),
    "role": _("บทบาท"),
    "clearance": _("เข้าถึงได้ถึงชั้น"),
    "name": _("ชื่อ"),
    "file": _("ไฟล์"),
    "name_en": _("ชื่อภาษาอังกฤษ"),
    "kind": _("ชนิด"),
    "parent": _("อยู่ใต้"),
    "unit": _("หน่วย"),
    "superior": _("ผู้บังคับบัญชา"),
    "level": _("ระดับ"),
    "rights": _("สิทธิ"),
    "number_code": _("รหัสเลขที่หนังสือ"),
    "phone": _("โทรศัพท์"),
    "email": _("อีเมล"),
    "address": _("ที่ตั้ง"),
    "language": _("ภาษา"),
    "timezone": _("เขตเวลา"),
    "active": _("สถานะ"),
    "first_day": _("ตั้งแต่"),
    "last_day": _("ถึง"),
    "title": _("คำนำหน้า"),
    "given_name": _("ชื่อตัว"),
    "family_name": _("นามสกุล"),
    "to": _("ให้แก่"),
    "tasks": _("จำนวนงาน"),
    "substitute": _("ผู้ทำแทน"),
    "posts": _("ทำแทนตำแหน่ง"),
    "order_ref": _("คำสั่ง"),
    "mode": _("ฐานะ"),
    "kinds": _("เฉพาะหนังสือชนิด"),
    "subjects": _("เฉพาะเรื่องที่มีคำเหล่านี้"),
    "reason": _("เหตุผล"),
    "day": _("วันที่"),
    "year": _("ปี"),
    "table": _("ตาราง"),
    "added": _("เพิ่ม"),
    "changed": _("เปลี่ยน"),
    "left": _("คงเดิม"),
    "spans": _("เวลาทำการ"),
    "week": _("เวลาทำการ"),
    "issuer": LazyText("Issuer"),
    "client_id": LazyText("Client ID"),
    "subject": _("ตัวตน"),
    "trusts_mfa": _("เชื่อการยืนยันตัวตนขั้นที่สอง"),
    "whom": _("ผู้ที่ต้องยืนยันตัวตนขั้นที่สอง"),
    "roles": _("บทบาท"),
    "honoured": _("ผู้ที่ใช้กราบเรียน"),
    "greeting_rows": _("ตารางของหน่วยงาน"),
    "honour": _("ผู้ที่ใช้กราบเรียน"),
    "common": _("ผู้อื่น"),
    "monk": _("พระภิกษุ"),
    "contact": _("ติดต่อ"),
    "emblem": _("ลายนิ้วมือของไฟล์"),
    "circulars_apart": _("นับหนังสือเวียนแยกเล่ม"),
    "secret_letters": _("รับหนังสือชั้นความลับ"),
    "signing_methods": _("วิธียืนยันตัวตนของผู้ลงนาม"),
    "connector": _("ตัวเชื่อมต่อ"),
    "base_url": _("ที่อยู่ของระบบปลายทาง"),
    "methods": _("วิธีที่เรียกได้"),
    "paths": _("เส้นทางที่เรียกได้"),
    "headers": _("ส่วนหัวที่ส่งไปด้วย"),
    "auth": _("วิธีพิสูจน์ตัวตน"),
    "auth_name": _("ชื่อผู้ใช้หรือชื่อส่วนหัว"),
    "secret_set": _("ความลับ"),
    "timeout": _("รอคำตอบได้ (วินาที)"),
    "max_bytes": _("คำตอบใหญ่ได้ (ไบต์)"),
    "attempts": _("ลองได้กี่ครั้ง"),
    "processes": _("กระบวนการที่ใช้ได้"),
    "serial": _("หมายเลขใบรับรอง"),
    "way": _("ที่มาของกุญแจ"),
    "through": _("ทำผ่าน"),
    "sent_by": _("ผู้สั่งส่ง"),
    "founder": _("ผู้ตั้ง"),
    "message_name": _("ชื่อข้อความ"),
    "correlation_key": _("คีย์"),
    "variable_names": _("ตัวแปร"),
    "begun": _("กระบวนการที่เริ่ม"),
    "call": _("การเรียก"),
    "result": _("ผล"),
}
_DAYS = frozenset({"first_day", "last_day", "day"})
_LISTS = frozenset({"methods", "paths", "posts", "processes", "subjects", "tests_left"})
OPEN, CLOSED = _("ใช้อยู่"), _("ปิดแล้ว")
BY_DEFAULT = _("ค่าเริ่มต้น")
SET_ANEW = _("ตั้งใหม่")
YES, NO = _("ใช่"), _("ไม่")
#: where a signing key came from, and by what it was brought
WAYS: Mapping[str, tuple[str, str]] = {
    "made": ("สร้างในระบบ", "Made here"),
    "imported": ("นำเข้าจากไฟล์", "Imported from a file"),
    "token": ("อุปกรณ์ PKCS#11", "PKCS#11 token"),
    "service": ("บริการลงนามระยะไกล", "Remote signing service"),
    "device": ("อุปกรณ์ของเจ้าของ", "Owner's own device"),
}
THROUGH: Mapping[str, tuple[str, str]] = {
    "session": ("หน้าเว็บ", "Signed in"),
    "token": ("โทเค็นของ API", "API token"),
}
_CHOICES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "whom": WHOM,
    "kind": {**rules.UNIT_KINDS, **rules.LEAVE_KINDS},
    "level": rules.LEVELS,
    "matter": rules.PROCESS_MATTERS,
    "mode": rules.MODES,
    "auth": AUTHS,
    "reason": rules.ENDED_WITH_LEAVE,
    "way": WAYS,
    "through": THROUGH,
}


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    #: None: there was nothing to be told of before
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a history."""

    at: datetime
    actor: str
    text: str
    changes: Sequence[Change]
    #: where each of what it sums up is told
    url: str = ""


def told(events: Sequence[OrgEvent]) -> list[Told]:
    return [
        Told(
            event.at,
            event.actor,
            str(EVENTS.get(event.type, event.type)),
            list(_changes(event)),
            _url(event),
        )
        for event in events
    ]


def _url(event: OrgEvent) -> str:
    brought = event.data.get("import_id")
    return f"/admin/history?import={brought}" if brought else ""


def _changes(event: OrgEvent) -> Iterator[Change]:
    was = event.data.get("was", {})
    for name, label in FIELDS.items():
        if name in event.data or name in was:
            before = value(name, was[name]) if name in was else None
            # Only a person's title stands before their name.
            named = name == "title" and event.type.startswith("connector.")
            said = FIELDS["name"] if named else label
            yield Change(str(said), before, value(name, event.data.get(name)))


def value(name: str, found: Any) -> str:
    """A stored value in the reader's words."""
    choices = _CHOICES.get(name, {})
    if name in _DAYS and found:
        return thdate.short(date.fromisoformat(found), language())
    if name == "active":
        return str(OPEN if found else CLOSED)
    if name == "rights":
        return ", ".join(right(one) for one in found or ()) or "–"
    if name == "signing_methods":
        return ", ".join(chosen(METHODS, one) for one in found or ()) or str(BY_DEFAULT)
    if name == "secret_set":
        return str(SET_ANEW) if found else "–"
    if name == "kinds":
        return ", ".join(str(words.KINDS.get(one, one)) for one in found or ()) or "–"
    if isinstance(found, list) and name in _LISTS:
        return ", ".join(found) or "–"
    if isinstance(found, dict):
        return ", ".join(f"{key}: {inner}" for key, inner in found.items()) or "–"
    if name == "clearance":
        return chosen(rules.CLEARANCES, found)
    if name == "year" and isinstance(found, int):
        return str(thdate.year(date(found, 1, 1), language()))
    if name == "book":
        return _book(str(found))
    if name == "action":
        return str(words.ACTIONS.get(found, found))
    if name == "table":
        return str(TABLES.get(found, found))
    if name in {"circulars_apart", "secret_letters", "trusts_mfa", "unpublished"}:
        return str(YES if found else NO)
    if name in {"spans", "week"}:
        return _hours(found)
    if found in choices:
        return chosen(choices, found)
    return "–" if found in (None, "") else str(found)


def _book(kind: str) -> str:
    known = {**books.BOOKS, **words.KINDS}
    name = str(known.get(books.open_kind(kind), kind))
    return f"{name} {books.SECRET_MARK}" if kind != books.open_kind(kind) else name


def _hours(found: Any) -> str:
    """Spans of a day, or the different days of a week."""
    if found and found[0] and isinstance(found[0][0], list):
        days = [_hours(day) for day in found]
        return " | ".join(dict.fromkeys(days))
    return ", ".join(f"{start}-{end}" for start, end in found or ()) or "–"


def chosen(choices: Mapping[Any, tuple[str, str]], key: Any) -> str:
    """The name of a choice, in the reader's language."""
    return choices[key][0 if language() == "th" else 1]


def ended(reason: str) -> str:
    """Why an order was revoked: as it was typed, or for the end of its leave."""
    known = rules.ENDED_WITH_LEAVE
    return chosen(known, reason) if reason in known else reason


def options(choices: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, chosen(choices, key)) for key in choices]


def right(name: str) -> str:
    return chosen(RIGHTS, name) if name in RIGHTS else name
