"""Our words for what the machine names by codes: rejections, states, events, kinds, levels.

Thai is written here; the English of the catalogue is in api/translations.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.pages import letter_extra
from api.pages.i18n import LazyText, gettext, language
from api.pages.i18n import lazy_gettext as _
from api.problems import of_rejection
from engine.errors import FieldError, Invalid, Rejected, TooLarge
from forms.messages import Message, localised
from office.chains.model import refuses

#: What a refusal means to the reader, and what to do. Codes come from engine and office.
REJECTIONS: Mapping[str, LazyText] = {
    "factor_compulsory": _("หน่วยงานกำหนดให้ท่านใช้การยืนยันตัวตนขั้นที่สอง จึงเลิกใช้ไม่ได้"),
    "rejected": _("ทำรายการนี้ไม่ได้ในขณะนี้ เปิดหน้าใหม่เพื่อดูสถานะล่าสุด"),
    "no_list": _("งานนี้ไม่ได้อยู่ในขั้นที่มีผู้ร่วมพิจารณาหลายคน"),
    "not_in_list": _("สายไปแล้ว ผู้ที่ท่านถอนทำเสร็จหรือออกจากรายชื่อไปแล้ว ยังไม่มีอะไรเปลี่ยน"),
    "last_in_list": _("ถอนคนสุดท้ายไม่ได้ เพิ่มผู้อื่นในครั้งเดียวกัน หรือยกเลิกเรื่อง"),
    "list_too_long": _("รายชื่อยาวเกินไป ยังไม่มีอะไรเปลี่ยน"),
    "not_found": _("ไม่พบสิ่งที่ท่านเปิด อาจถูกย้าย ถูกลบ หรือท่านไม่มีสิทธิ์เห็น"),
    "forbidden": _("ท่านไม่มีสิทธิ์ทำรายการนี้"),
    "not_candidate": _("งานนี้ไม่ได้มอบให้ท่าน"),
    "excluded": _("ท่านทำขั้นก่อนหน้านี้แล้ว ขั้นนี้ต้องให้ผู้อื่นทำ"),
    "task_not_open": _("งานนี้มีผู้ทำเสร็จหรือยกเลิกไปแล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "task_claimed_by_other": _("มีผู้อื่นรับงานนี้ไปแล้ว"),
    "return_not_allowed": _("เส้นทางนี้ส่งคืนไปขั้นนั้นไม่ได้"),
    "confirmation_required": _("ขั้นนี้ต้องยืนยันตัวตนก่อนตอบ ใส่รหัสจากแอปหรือใช้พาสคีย์"),
    "confirmation_impossible": _(
        "ขั้นนี้ต้องยืนยันตัวตนด้วยรหัสจากแอปหรือพาสคีย์ ตั้งที่หน้าบัญชีของท่านก่อน แล้วกลับมาตอบ"
    ),
    "authorization_required": _("งานนี้ต้องลงนาม ใช้หน้าลงนามเพื่อดำเนินการ"),
    "no_authority": _(
        "ท่านไม่มีอำนาจลงนามหรือดำเนินการแทนตำแหน่งนี้ในเรื่องนี้ ตรวจสอบคำสั่งรักษาราชการแทนหรือคำสั่งมอบอำนาจ"
    ),
    "other_than_shown": _(
        "หนังสือ ฐานะผู้ลงนาม หรือวันที่ เปลี่ยนไปหลังจากที่ท่านเปิดหน้านี้ ตรวจสิ่งที่แสดงอยู่นี้อีกครั้งก่อนลงนาม"
    ),
    "instance_ended": _("เรื่องนี้จบไปแล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "incident_resolved": _("เหตุขัดข้องนี้แก้ไปแล้ว"),
    "no_policy": _("ยังไม่มีกำหนดการเก็บที่ระบุจำนวนวัน ตั้งกำหนดก่อน"),
    "job_not_dead": _("งานของระบบนี้ไม่ได้ค้างอยู่แล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "job_not_awaited": _("เรื่องเดินต่อไปโดยไม่รองานของระบบนี้แล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "timer_not_late": _("ตัวจับเวลานี้ทำงานแล้ว หรือยังไม่ถึงเวลา ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "read_only": _("บทบาทของท่านอ่านได้อย่างเดียว เปลี่ยนแปลงสิ่งใดไม่ได้"),
    "not_holder": _("งานนี้ไม่ได้อยู่กับท่าน ผู้ถืองานหรือผู้มีสิทธิ์มอบหมายใหม่เท่านั้นที่ทำได้"),
    "not_head": _("หน้านี้สำหรับหัวหน้าหน่วย หรือผู้ทำการแทน"),
    "not_of_unit": _("งานหรือผู้รับไม่ได้อยู่ในหน่วยของท่าน"),
    "not_starter": _("ท่านไม่มีบทบาทที่เริ่มเรื่องของกระบวนการนี้ได้"),
    "internal_process": _("กระบวนการนี้ระบบเป็นผู้เริ่มให้ เช่น เส้นทางของหนังสือเริ่มเมื่อสร้างหนังสือ"),
    "started_by_events": _("กระบวนการนี้เริ่มได้ด้วยข้อความ สัญญาณ หรือเวลาเท่านั้น"),
    "definition_withdrawn": _(
        "กระบวนการหรือรุ่นนี้เลิกใช้แล้ว เริ่มเรื่องใหม่ไม่ได้ ใช้รุ่นล่าสุด หรือให้ผู้เผยแพร่นำกลับมาใช้"
    ),
    "migration_at_work": _("กระบวนการนี้มีการตรวจหรือย้ายเรื่องทำอยู่ รอให้เสร็จก่อน"),
    "migration_elsewhere": _("การย้ายนี้อยู่ในขั้นอื่นแล้ว ดูผลล่าสุดก่อนทำต่อ ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "nothing_to_migrate": _("ไม่มีเรื่องเหลือให้ทำ ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "newest_version": _("รุ่นนี้เป็นรุ่นล่าสุดที่ใช้อยู่ เผยแพร่รุ่นใหม่ก่อน หรือเลิกใช้ทั้งกระบวนการ"),
    "not_newest": _("มีรุ่นใหม่กว่ารุ่นนี้ ดูรุ่นล่าสุดก่อน แล้วเลิกใช้ทั้งกระบวนการจากรุ่นนั้น"),
    "already_withdrawn": _("รุ่นนี้เลิกใช้ไปแล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "delete_in_use": _("รุ่นนี้ยังใช้อยู่ เลิกใช้ก่อน แล้วจึงลบ"),
    "not_withdrawn": _("รุ่นนี้ใช้อยู่แล้ว ไม่มีอะไรเปลี่ยนจากการกดครั้งนี้"),
    "candidate_unknown": _("ไม่พบบุคคลหรือตำแหน่งที่จะมอบงานให้"),
    "state_damaged": _("ข้อมูลของเรื่องนี้เสียหาย แจ้งผู้ดูแลระบบ"),
    "session_ended": _("เซสชันนี้จบไปแล้ว เข้าสู่ระบบอีกครั้ง"),
    "stale": _("มีผู้แก้ไขก่อนท่าน สิ่งที่ท่านพิมพ์ยังอยู่ครบ"),
    "invalid": _("ข้อมูลบางช่องยังไม่ถูกต้อง"),
    "too_large": _("ไฟล์ใหญ่เกินที่กำหนด ยังไม่มีอะไรถูกบันทึก"),
    "too_many": _("ทำรายการถี่เกินไป รอสักครู่แล้วลองใหม่"),
    "overloaded": _("มีผู้ใช้พร้อมกันมากเกินไปในขณะนี้ ยังไม่มีอะไรเปลี่ยน รอสักครู่แล้วลองใหม่"),
    "unavailable": _("ระบบส่วนที่เกี่ยวข้องไม่ตอบในขณะนี้ ลองใหม่อีกครั้ง"),
    "quarantine": _("ระบบเพิ่งกู้คืนจากข้อมูลสำรอง ขณะนี้อ่านได้แต่ยังแก้ไขไม่ได้"),
    # signing in
    "bad_credentials": _("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"),
    "agency_needed": _("ชื่อผู้ใช้นี้มีในหลายหน่วยงาน ระบุหน่วยงานของท่าน"),
    "demo_secret": _("รหัสนี้เป็นของชุดสาธิต ใช้นอกชุดสาธิตไม่ได้"),
    "locked": _("ใส่รหัสผิดหลายครั้ง บัญชีถูกล็อกชั่วคราว"),
    "steward_factor_missing": _("ผู้ตั้งหน่วยงานต้องมีรหัสจากแอปหรือพาสคีย์ ตั้งที่หน้าบัญชีของท่านก่อน"),
    "second_factor_missing": _("ผู้ดูแลตราต้องมีรหัสจากแอปหรือพาสคีย์ ตั้งที่หน้าบัญชีของท่านก่อน"),
    "more_rights": _("บุคคลนี้มีสิทธิที่ท่านไม่มี ท่านจึงทำรายการนี้กับบัญชีของบุคคลนี้ไม่ได้ ให้ผู้ที่มีสิทธิเดียวกันเป็นผู้ทำ"),
    "token_of_official": _("ผู้นี้ดำรงตำแหน่ง รักษาการ หรือมีชื่อเป็นผู้อ่านหนังสือ จึงต้องออกโทเค็นเองที่หน้าบัญชีของตน"),
    "bad_code": _("รหัสไม่ถูกต้อง ลองรหัสถัดไปในแอป"),
    "replayed_code": _("รหัสนี้ใช้ไปแล้ว รอรหัสถัดไปในแอป"),
    "bad_passkey": _("พาสคีย์นี้ยืนยันไม่ได้ หรือคำตอบใช้ไปแล้ว ลองใหม่อีกครั้ง"),
    "no_passkey": _("ยังไม่มีพาสคีย์สำหรับที่อยู่เว็บนี้"),
    "no_passkeys_here": _("ที่อยู่เว็บนี้ใช้พาสคีย์ไม่ได้ ใช้รหัสจากแอปแทน"),
    "passkey_known": _("อุปกรณ์นี้เพิ่มไว้แล้ว ใช้อุปกรณ์อื่น"),
    "too_many_passkeys": _("มีพาสคีย์ครบ 20 รายการแล้ว ถอดรายการที่ไม่ใช้ก่อน"),
    "no_factor": _("ยังไม่ได้ตั้งการยืนยันตัวตนขั้นที่สอง"),
    "reset_expired": _("ลิงก์นี้ใช้ไปแล้วหรือหมดอายุ ขอลิงก์ใหม่ได้ที่หน้า ลืมรหัสผ่าน"),
    # letters
    "signed_already": _(
        "หนังสือนี้ลงนามแล้ว หนังสือชนิดนี้ลงนามครั้งเดียว ขอให้ผู้ดูแลกระบวนการข้ามขั้นนี้ และให้ผู้ออกแบบเอาขั้นออก"
    ),
    "signs_twice": _("เส้นทางนี้ลงนามสองครั้ง แต่หนังสือชนิดนี้มีผู้ลงนามคนเดียว เลือกเส้นทางอื่น"),
    "document_locked": _("หนังสือฉบับนี้แก้ไขไม่ได้แล้ว เพราะลงนามหรือยุติแล้ว"),
    "not_editor": _("ขณะนี้งานของหนังสือฉบับนี้ไม่ได้อยู่กับท่าน รับงานก่อนจึงแก้ได้"),
    "only_proposes": _("ขั้นของท่านแก้ถ้อยคำในร่างเองไม่ได้ เสนอแก้ได้ ผู้ที่ถือร่างเป็นผู้กดใช้"),
    "not_cleared": _(
        "ท่านยังไม่ได้รับอนุญาตให้เข้าถึงชั้นความลับของหนังสือฉบับนี้"
        " ผู้ดูแลคนและตำแหน่งของหน่วยงานเป็นผู้บันทึกการอนุญาตตามคำสั่ง"
    ),
    "receiver_not_cleared": _(
        "ผู้รับยังไม่ได้รับอนุญาตให้เข้าถึงชั้นความลับของหนังสือฉบับนี้ เลือกผู้อื่น"
        " หรือให้ผู้ดูแลคนและตำแหน่งบันทึกการอนุญาตตามคำสั่งก่อน"
    ),
    "not_reader": _("ท่านไม่ได้อยู่ในเส้นทางของหนังสือฉบับนี้"),
    "secret_source": _("หนังสือฉบับนี้มีชั้นความลับ ร่างใหม่หรือตอบจากฉบับนี้ในระบบไม่ได้ ติดต่อนายทะเบียนข้อมูลลับ"),
    "route_begun": _("เปลี่ยนชนิดหนังสือหรือผู้ลงนามไม่ได้เมื่อเริ่มเส้นทางแล้ว สร้างหนังสือใหม่แทน"),
    "too_many_attachments": _("แนบไฟล์ได้ไม่เกิน 50 ไฟล์ เอาไฟล์ที่ไม่ใช้ออกก่อน"),
    "recall_too_late": _("ขั้นถัดไปเปิดอ่านแล้ว ดึงกลับไม่ได้ ขอให้ผู้ถือเรื่องส่งคืนแทน"),
    "words_gone": _("ถ้อยคำเดิมเปลี่ยนไปแล้วหรือมีอยู่หลายแห่ง แก้ในร่างเอง แล้วกดเสร็จแล้ว"),
    "remark_settled": _("ข้อสังเกตนี้มีผู้จัดการแล้ว เปิดใหม่ก่อนจึงทำต่อได้"),
    "no_proposal": _("ข้อสังเกตนี้ไม่ได้เสนอถ้อยคำใหม่ กดเสร็จแล้วแทน"),
    "too_many_remarks": _("ร่างนี้มีข้อสังเกตครบ 500 ข้อแล้ว เพิ่มอีกไม่ได้"),
    "too_many_answers": _("ข้อสังเกตนี้มีคำตอบครบ 100 ข้อแล้ว ตั้งข้อสังเกตใหม่แทน"),
    # signing
    "wrong_pin": _("PIN ไม่ถูกต้อง ยังไม่ได้ลงนาม"),
    "certificate_revoked": _("ใบรับรองของท่านถูกเพิกถอนแล้ว ยังไม่ได้ลงนาม ขอให้ออกใบรับรองใหม่"),
    "withdrawal_running": _("มีผู้ขอถอนหนังสือนี้แล้ว กำลังถามผู้ลงนาม"),
    "withdrawal_route": _("หน่วยงานนี้มีกระบวนการถอนหนังสือที่ต่างจากที่มากับระบบ ให้ผู้ดูแลเผยแพร่ตามที่มากับระบบก่อน"),
    "several_signed": _("หนังสือนี้มีผู้ลงนามหลายคน ใช้การขอถอนหนังสือเพื่อถามทุกคน"),
    "not_signed": _("หนังสือนี้ยังไม่ได้ลงนาม จึงยังไม่มีไฟล์ให้ทำสำเนา"),
    "not_endorsed": _("ยังไม่มีใครเกษียนหนังสือนี้ จึงยังไม่มีใบเกษียนให้ทำ"),
    "cannot_certify": _("ท่านไม่มีสิทธิ์รับรองสำเนา ขอให้ผู้ดูแลระบบให้บทบาทที่มีสิทธินี้"),
    "cannot_certify_secret": _("สำเนาหนังสือลับต้องให้นายทะเบียนข้อมูลข่าวสารลับรับรอง"),
    "copied_meanwhile": _("ไฟล์ที่ลงนาม เกษียน หรือจำนวนสำเนาเปลี่ยนไประหว่างทำ กดทำอีกครั้ง"),
    "no_letter": _("ทะเบียนมีเพียงรายการ ไม่มีไฟล์หนังสือเก็บไว้ในระบบ"),
    "copy_too_large": _("ไฟล์ใหญ่เกิน 50 MB จึงทำสำเนาไม่ได้"),
    "copy_not_pdf": _("ไฟล์ไม่ใช่ PDF จึงทำสำเนาทีละหน้าไม่ได้"),
    "copy_encrypted": _("ไฟล์มีรหัสผ่าน จึงทำสำเนาไม่ได้ ขอไฟล์ที่ไม่มีรหัสผ่านจากผู้ส่ง"),
    "copy_pages": _("ไฟล์มีเกิน 2,000 หน้า หรือไม่มีหน้าเลย จึงทำสำเนาไม่ได้"),
    "copy_page_size": _("หน้ากระดาษเล็กหรือใหญ่เกินกว่าจะประทับข้อความได้ (10 ซม. ถึง 5 ม.)"),
    "copy_broken": _("ไฟล์เสียหายจนอ่านไม่ได้ ขอไฟล์ใหม่จากผู้ส่ง"),
    "copy_too_much": _("ไฟล์ซับซ้อนเกินไป ทำสำเนาไม่เสร็จในเวลาที่กำหนด"),
    "still_in_force": _("หนังสือนี้ยังมีผลใช้ ต้องยกเลิกหรือถอนก่อนจึงระบุหนังสือที่ใช้แทนได้"),
    "not_in_force": _("หนังสือนี้ยังไม่ได้ลงนาม หรือถูกยกเลิกไปแล้ว"),
    "pin_locked": _("ใส่ PIN ผิดหลายครั้ง กุญแจลงนามถูกพักไว้ชั่วคราว"),
    "token_locked": _("อุปกรณ์เก็บกุญแจล็อกตัวเองเพราะใส่ PIN ผิดหลายครั้ง ให้ผู้ดูแลอุปกรณ์ปลดล็อก"),
    "token_unavailable": _("อุปกรณ์เก็บกุญแจไม่ตอบ ยังไม่ได้ลงนาม ลองใหม่หรือแจ้งผู้ดูแลระบบ"),
    "wrong_code": _("รหัส 6 หลักไม่ถูกต้องหรือหมดอายุแล้ว ยังไม่ได้ลงนาม"),
    "wrong_passkey": _("พาสคีย์ยืนยันหนังสือฉบับนี้ไม่ได้ ยังไม่ได้ลงนาม กดลงนามด้วยพาสคีย์อีกครั้ง"),
    "no_code_to_send": _("กุญแจของท่านไม่ได้อยู่กับบริการที่ส่งรหัสครั้งเดียว"),
    "remote_unavailable": _("บริการลงนามไม่ตอบ ยังไม่ได้ลงนาม ลองใหม่หรือแจ้งผู้ดูแลระบบ"),
    "remote_refused": _("บริการลงนามปฏิเสธหรือส่งลายมือชื่อที่ใช้ไม่ได้ ยังไม่ได้ลงนาม ลองใหม่หรือแจ้งผู้ดูแลระบบ"),
    "foreign_signature": _("ลายมือชื่อนี้ไม่ได้ทำโดยกุญแจที่ลงทะเบียนไว้ หรือลงนามไฟล์อื่น ยังไม่ได้ลงนาม ส่งใหม่ได้"),
    "own_factor": _("ถอดการยืนยันตัวตนของท่านเองได้ที่หน้าบัญชีของฉัน หรือให้ผู้ดูแลระบบอีกคนถอดให้"),
    "key_held": _("ใบรับรองนี้มีผู้อื่นใช้อยู่ ใช้ได้เฉพาะใบรับรองของท่านเอง สอบถามผู้ดูแลระบบ"),
    "device_late": _("เกิน 30 นาทีแล้ว ยังไม่ได้ลงนาม เริ่มลงนามใหม่"),
    "signature_settled": _("หนังสือนี้ลงนามไปแล้ว หรือเริ่มลงนามใหม่แล้ว"),
    "no_signing_key": _("ท่านยังไม่มีกุญแจลงนามที่ใช้ได้ ขอหรือนำเข้ากุญแจก่อน แล้วกลับมาลงนาม"),
    "key_expired": _("ใบรับรองของท่านหมดอายุแล้ว ยังไม่ได้ลงนาม ต่ออายุก่อน แล้วกลับมาลงนาม"),
    "key_not_yet": _("ใบรับรองของท่านยังไม่ถึงวันเริ่มใช้ ยังไม่ได้ลงนาม รอถึงวันนั้น หรือใช้ใบรับรองอื่น"),
    "key_revoked": _("ใบรับรองของท่านถูกเพิกถอนแล้ว ยังไม่ได้ลงนาม ขอกุญแจใหม่ก่อน แล้วกลับมาลงนาม"),
    "no_number_prefix": _("หน่วยเจ้าของเรื่องยังไม่มีรหัสเลขที่หนังสือ แจ้งผู้ดูแลระบบ"),
    "own_signature_invalid": _("ลายมือชื่อที่ทำขึ้นตรวจไม่ผ่าน ยังไม่มีหนังสือออกไป แจ้งผู้ดูแลระบบ"),
    "authorization_method": _("วิธียืนยันตัวตนนี้ไม่พอตามนโยบายของหน่วยงาน"),
    # files
    "no_file": _("ยังไม่ได้เลือกไฟล์"),
    "no_name": _("ไฟล์นี้ไม่มีชื่อ ตั้งชื่อไฟล์ก่อน"),
    "empty": _("ไฟล์ว่างเปล่า"),
    "file_gone": _("ไฟล์ที่ส่งมาอยู่กับเรื่องอื่นแล้ว หรือถูกเอาออก เลือกไฟล์อีกครั้ง"),
    "too_many_uploads": _("มีไฟล์ที่ส่งไว้แต่ยังไม่ได้ส่งแบบฟอร์มมากเกินไป ส่งแบบฟอร์มให้เสร็จก่อน แล้วแนบอีกครั้ง"),
    "type_not_allowed": _("ไฟล์ชนิดนี้แนบไม่ได้ ใช้ PDF รูปภาพ หรือเอกสารสำนักงาน"),
    "content_differs_from_name": _("เนื้อไฟล์ไม่ตรงกับนามสกุล บันทึกใหม่แล้วแนบอีกครั้ง"),
    "no_checker": _("ตำแหน่งผู้ตรวจรายงานยังว่าง ส่งคืนเพื่อเลือกผู้ตรวจคนอื่น"),
    "other_name": _("ชื่อในรายงานไม่ตรงกับท่าน ส่งคืนเพื่อแก้ชื่อผู้จดหรือผู้ตรวจก่อน"),
    "wrap_not_pdf": _("หนังสืออื่นต้องเป็น PDF พิมพ์ไฟล์นี้เป็น PDF แล้วแนบอีกครั้ง"),
    "wrap_encrypted": _("PDF นี้มีรหัสผ่าน บันทึกแบบไม่มีรหัสแล้วแนบอีกครั้ง"),
    "wrap_signed": _("PDF นี้มีลายมือชื่ออยู่แล้ว ใส่ใบปะหน้าจะทำให้ลายมือชื่อเดิมเสีย แนบไปกับหนังสือแทน"),
    "wrap_form": _("PDF นี้มีช่องให้กรอกหรือช่องลงนาม ซึ่งแก้ได้หลังลงนาม พิมพ์เป็น PDF ใหม่แล้วแนบอีกครั้ง"),
    "wrap_pages": _("PDF นี้ไม่มีหน้า มีเกิน 2,000 หน้า หรือบอกจำนวนหน้าไม่ตรง พิมพ์เป็น PDF ใหม่แล้วแนบอีกครั้ง"),
    "wrap_hybrid": _("PDF นี้มีตารางวัตถุสองชุด พิมพ์เป็น PDF ใหม่แล้วแนบอีกครั้ง"),
    "wrap_broken": _("PDF นี้เสียหาย พิมพ์เป็น PDF ใหม่แล้วแนบอีกครั้ง"),
    "wrap_too_much": _("PDF นี้ซับซ้อนเกินไป พิมพ์เป็น PDF ใหม่แล้วแนบอีกครั้ง"),
    "wrap_too_large": _("ไฟล์ใหญ่เกินไป"),
    "wrap_again": _("ไฟล์แนบเปลี่ยนไประหว่างนี้ แนบอีกครั้ง"),
    "wrap_next": _("ไฟล์ถัดไปลงนามแทนไฟล์นี้ไม่ได้ เอาไฟล์ถัดไปออกก่อน แล้วแนบใหม่ภายหลัง"),
    "nothing_wrapped": _("แนบไฟล์ PDF ที่จะลงทะเบียนก่อน แล้วจึงส่งต่อ"),
    "pdf_encrypted": _("PDF นี้มีรหัสผ่าน บันทึกแบบไม่มีรหัสแล้วแนบอีกครั้ง"),
    "pdf_damaged": _("PDF นี้เสียหาย บันทึกใหม่แล้วแนบอีกครั้ง"),
    "pdf_active": _("PDF นี้มีส่วนที่ทำงานเองได้ พิมพ์เป็น PDF ใหม่แล้วแนบอีกครั้ง"),
    "pdf_pages": _("PDF นี้มีจำนวนหน้าเกินที่รับได้"),
}

#: What is wrong with one field, by the error's code; a path's own words win.
FIELD_CODES: Mapping[str, LazyText] = {
    "code_sent": _("บริการลงนามส่งรหัสครั้งเดียวให้ท่านแล้ว ใส่รหัสนั้นแล้วส่งอีกครั้ง"),
    "not_own_key": _(
        "ลายมือชื่อนี้ไม่ได้ทำโดยกุญแจของใบรับรองที่ส่งมา หรือเกิน 1 ชั่วโมง ลงนามไฟล์ที่แสดงขณะนี้แล้วส่งใหม่"
    ),
    "required": _("ต้องกรอกช่องนี้"),
    "too_long": _("ยาวเกินที่กำหนด"),
    "document_too_long": _(
        "ข้อความยาวเกินไป รับได้ราว 100 หน้า (3,000 ย่อหน้า หรือ 1,000,000 ไบต์) แนบส่วนที่เหลือเป็นไฟล์"
    ),
    "too_short": _("สั้นเกินไป ใส่อย่างน้อย 12 ตัวอักษร"),
    "too_common": _("รหัสนี้เดาง่าย ใช้คำสามสี่คำที่ไม่เกี่ยวกัน"),
    "demo_secret": _("รหัสนี้เป็นของชุดสาธิต ตั้งรหัสของท่านเอง"),
    "secrecy_not_yet": _(
        "หน่วยงานนี้รับเฉพาะชั้นปกติ เอกสารชั้นความลับให้ทำเป็นกระดาษตามช่องทางของนายทะเบียนข้อมูลลับ"
    ),
    "top_secret": _("ชั้นลับที่สุดไม่รับส่งด้วยระบบสารบรรณอิเล็กทรอนิกส์ (ระเบียบงานสารบรรณ ข้อ 29) ให้ทำเป็นกระดาษ"),
    "unmarked_pages": _("หน้าของไฟล์ที่ครอบไม่มีเครื่องหมายชั้นความลับ แนบไฟล์ไปกับหนังสือชนิดอื่น หรือทำเป็นกระดาษ"),
    "not_cleared": _("ท่านยังไม่ได้รับอนุญาตให้เข้าถึงชั้นนี้ ผู้ดูแลคนและตำแหน่งของหน่วยงานเป็นผู้บันทึกการอนุญาตตามคำสั่ง"),
    "unreadable_numbers": _("ใส่เลขในบัญชี เช่น 3, 7 หรือ 10-12"),
    "unknown_number": _("มีเลขที่ไม่มีในบัญชี"),
    "name_taken": _("มีแม่แบบชื่อนี้แล้ว ตั้งชื่ออื่น"),
    "not_there": _("ถ้อยคำนี้ไม่มีในย่อหน้าที่เลือกแล้ว เลือกใหม่จากข้อความของร่าง"),
    "unchanged": _("ถ้อยคำที่เสนอเหมือนเดิม แก้ถ้อยคำ หรือเอาเครื่องหมายเสนอถ้อยคำใหม่ออก"),
    "unprintable": _("มีอักษรที่พิมพ์ในหนังสือราชการไม่ได้ เช่น อีโมจิ ลบหรือพิมพ์ใหม่แล้วบันทึก"),
    "unknown_post": _("หน่วยงานนี้ไม่มีตำแหน่งดังกล่าว เลือกจากรายการ"),
    "unknown_unit": _("หน่วยงานนี้ไม่มีหน่วยดังกล่าว ตรวจชื่อส่วนราชการเจ้าของเรื่อง"),
    "unknown_kind": _("ไม่รู้จักหนังสือชนิดนี้"),
    "may_not_sign": _("หนังสือชนิดนี้ลงนามโดยหัวหน้าส่วนราชการหรือรอง เลือกผู้ลงนามใหม่"),
}
#: the code of errors that a page itself found: their message is said as it is
OWN = "own"
PATHS: Mapping[str, LazyText] = {
    "outcome": _("เลือกผลของงาน"),
    "to": _("ระบุผู้รับ"),
    "subject": _("ใส่เรื่อง"),
    "paragraphs": _("ใส่ข้อความของหนังสือ"),
    "position_lines": _("เลือกผู้ลงนาม"),
}

DOCUMENT_STATE: Mapping[str, tuple[LazyText, str]] = {
    "drafting": (_("กำลังร่าง"), "accent"),
    "in_route": (_("อยู่ในเส้นทาง"), "accent"),
    "waiting_signature": (_("รอลงนาม"), "warn"),
    "waiting_timestamp": (_("รอประทับเวลา"), "warn"),
    "signed": (_("ลงนามแล้ว"), "ok"),
    "refused": (_("ไม่เห็นชอบ"), "danger"),
    "withdrawn": (_("ยุติแล้ว"), ""),
}

READER: Mapping[str, LazyText] = {
    "drafter": _("ผู้ร่าง"),
    "task": _("อยู่ในเส้นทาง"),
    "receiver": _("หน่วยผู้รับ"),
}

#: a letter's fields by name, for comparisons
FIELDS: Mapping[str, LazyText] = {
    "subject": _("เรื่อง"),
    "salutation": _("คำขึ้นต้น"),
    "to": _("ถึง"),
    "refs": _("อ้างถึง"),
    "attachments": _("สิ่งที่ส่งมาด้วย"),
    "paragraphs": _("ย่อหน้า"),
    "tables": _("แถวในตาราง"),
    "closing": _("คำลงท้าย"),
    "signer": _("ผู้ลงนาม"),
    "position_lines": _("ตำแหน่งผู้ลงนาม"),
    "cc": _("สำเนาส่ง"),
    "owner_agency": _("ส่วนราชการเจ้าของหนังสือ"),
    "owner_unit": _("ส่วนราชการเจ้าของเรื่อง"),
    "address": _("ที่ตั้ง"),
    "contact": _("ติดต่อ"),
    "priority": _("ชั้นความเร็ว"),
    **letter_extra.LABELS,
}

INSTANCE_STATUS: Mapping[str, tuple[LazyText, str, str]] = {
    "active": (_("กำลังดำเนินการ"), "accent", "circle-dot"),
    "completed": (_("เสร็จแล้ว"), "ok", "check"),
    "cancelled": (_("ยกเลิกแล้ว"), "", "x"),
    "incident": (_("เหตุขัดข้อง"), "danger", "octagon-alert"),
}

DEFINITION_EVENTS: Mapping[str, LazyText] = {
    "definition.withdrawn": _("เลิกใช้กระบวนการ"),
    "definition.restored": _("นำกระบวนการกลับมาใช้"),
    "definition.deleted": _("ลบกระบวนการ"),
}

#: a migration of many: its words, tone and icon
BATCH_STATES: Mapping[str, tuple[LazyText, str, str]] = {
    "checking": (_("กำลังตรวจ"), "accent", "search"),
    "checked": (_("ตรวจแล้ว ยังไม่ย้าย"), "", "list-checks"),
    "migrating": (_("กำลังย้าย"), "accent", "waypoints"),
    "migrated": (_("ย้ายแล้ว"), "ok", "check"),
    "undoing": (_("กำลังย้ายกลับ"), "accent", "undo-2"),
    "undone": (_("ย้ายกลับแล้ว"), "", "undo-2"),
}

#: what becomes of one case of it
FATES: Mapping[str, tuple[LazyText, str, str]] = {
    "waiting": (_("รอตรวจ"), "", "clock"),
    "possible": (_("ย้ายได้"), "accent", "check"),
    "unchosen": (_("ไม่เลือก อยู่รุ่นเดิม"), "", "lock"),
    "migrated": (_("ย้ายแล้ว"), "ok", "check-check"),
    "refused": (_("ย้ายไม่ได้"), "warn", "x"),
    "failed": (_("ย้ายไม่สำเร็จ"), "danger", "octagon-alert"),
    "undone": (_("ย้ายกลับแล้ว"), "", "undo-2"),
    "stays": (_("เดินต่อแล้ว อยู่รุ่นใหม่"), "", "lock"),
}

#: what another version says otherwise of an open task, a job or what a token waits for
RETOLD: Mapping[str, LazyText] = {
    "name": _("ชื่อขั้น"),
    "documentation": _("คำอธิบาย"),
    "lane": _("ช่องทาง"),
    "form": _("แบบฟอร์ม"),
    "outcomes": _("ผลที่เลือกได้"),
    "returns": _("ขั้นที่ส่งคืนได้"),
    "act": _("การลงนาม"),
    "assignment": _("ผู้รับงาน"),
    "due": _("กำหนดเวลา"),
    "reminders": _("การเตือน"),
    "priority": _("ความเร่งด่วน"),
    "job": _("งานของระบบ"),
    "timer": _("เวลาที่รอ"),
    "message": _("ข้อความที่รอ"),
    "signal": _("สัญญาณที่รอ"),
    "conditional": _("เงื่อนไขที่รอ"),
}

#: why a case has no place in another version, by code
MISFITS: Mapping[str, LazyText] = {
    "element_removed": _("รุ่นใหม่ไม่มีขั้นนี้"),
    "process_removed": _("รุ่นใหม่ไม่มีกระบวนการย่อยนี้"),
    "container_refused": _("ส่วนที่ครอบขั้นนี้ย้ายไม่ได้"),
    "container_differs": _("รุ่นใหม่ย้ายขั้นนี้ไปอยู่ในส่วนอื่น"),
    "kind_differs": _("รุ่นใหม่เปลี่ยนชนิดของขั้นนี้"),
    "event_differs": _("รุ่นใหม่รอเหตุการณ์ชนิดอื่นที่นี่"),
    "call_differs": _("รุ่นใหม่เรียกกระบวนการอื่นที่นี่"),
    "loop_differs": _("รุ่นใหม่ให้หลายคนทำขั้นนี้แบบอื่น"),
    "flow_removed": _("รุ่นใหม่ไม่มีเส้นที่เรื่องเดินมาถึงจุดรวม"),
    "join_taken": _("จุดรวมนี้มีอีกทางหนึ่งรออยู่แล้ว"),
    "join_starved": _("จุดรวมนี้จะรอเส้นที่ไม่มีใครเดินมา"),
    "job_under_way": _("ระบบกำลังทำงานของขั้นนี้ ลองใหม่เมื่อเสร็จ"),
    "bad_mapping": _("การจับคู่ขั้นใช้กับเรื่องนี้ไม่ได้"),
    "instance_ended": _("เรื่องจบไปก่อน"),
    "same_version": _("อยู่รุ่นนี้แล้ว"),
    "version_moved": _("เรื่องย้ายไปรุ่นอื่นแล้วหลังตรวจ"),
    "definition_withdrawn": _("รุ่นปลายทางเลิกใช้แล้ว"),
    "migration_moved": _("เรื่องเดินต่อไปแล้วหลังย้าย"),
    "not_migrated": _("ไม่มีการย้ายให้ย้อน"),
    "state_damaged": _("ข้อมูลของเรื่องนี้เสียหาย แจ้งผู้ดูแลระบบ"),
    "unknown_variable": _("รุ่นใหม่ใช้ข้อมูลที่เรื่องนี้ไม่มี"),
    "internal": _("ระบบทำไม่สำเร็จ แจ้งผู้ดูแลระบบ"),
}

#: what keeps a version from being deleted
CLAIMS: Mapping[str, LazyText] = {
    "instances": _("เรื่อง"),
    "tasks": _("งาน"),
    "migrations": _("การย้ายรุ่นของเรื่อง"),
    "batches": _("การย้ายรุ่นหลายเรื่องพร้อมกัน"),
    "drafts": _("ร่างผังในตัวออกแบบ"),
    "chains": _("สายอนุมัติ"),
    "callers": _("กระบวนการที่เรียกใช้"),
}

ELEMENT_STATE: Mapping[str, tuple[LazyText, str, str]] = {
    "active": (_("กำลังทำ"), "accent", "circle-dot"),
    "completed": (_("เสร็จแล้ว"), "ok", "check"),
    "cancelled": (_("ยกเลิก"), "", "x"),
    "incident": (_("เหตุขัดข้อง"), "danger", "octagon-alert"),
    "future": (_("ยังไม่ถึง"), "line", ""),
}

TASK_STATE: Mapping[str, LazyText] = {
    "open": _("รอผู้รับ"),
    "claimed": _("มีผู้รับแล้ว"),
    "completed": _("เสร็จแล้ว"),
    "cancelled": _("ยกเลิก"),
}

KINDS: Mapping[str, LazyText] = {
    "EXT": _("หนังสือภายนอก"),
    "INT": _("บันทึกข้อความ"),
    "STAMP": _("หนังสือประทับตรา"),
    "ORDER": _("คำสั่ง"),
    "REG": _("ระเบียบ"),
    "BYLAW": _("ข้อบังคับ"),
    "ANN": _("ประกาศ"),
    "STMT": _("แถลงการณ์"),
    "NEWS": _("ข่าว"),
    "CERT": _("หนังสือรับรอง"),
    "MIN": _("รายงานการประชุม"),
    "NOTE": _("บันทึก"),
    "OTHER": _("หนังสืออื่น"),
}

URGENCY: Mapping[int, LazyText] = {
    1: _("ปกติ"),
    2: _("ด่วน"),
    3: _("ด่วนมาก"),
    4: _("ด่วนที่สุด"),
}

#: the group headings of the inbox say what the level asks for
URGENCY_NOTE: Mapping[int, LazyText] = {4: _("ปฏิบัติทันทีที่ได้รับ")}

SECRECY: Mapping[int, LazyText] = {1: _("ปกติ"), 2: _("ลับ"), 3: _("ลับมาก"), 4: _("ลับที่สุด")}

VIEWS: Mapping[str, LazyText] = {
    "mine": _("งานของฉัน"),
    "claimable": _("รับได้"),
    "team": _("ของทีม"),
    "waiting": _("รอผู้อื่น"),
    "done": _("เสร็จแล้ว"),
}

SORTS: Mapping[str, LazyText] = {
    "urgency": _("ความเร่งด่วน"),
    "due": _("ครบกำหนด"),
    "new": _("มาใหม่"),
}

#: by what whoever answered has proved to be themselves, as history keeps it
CONFIRMED: Mapping[str, LazyText] = {
    "otp": _("ยืนยันตัวตนด้วยรหัสจากแอป"),
    "pop": _("ยืนยันตัวตนด้วยพาสคีย์"),
    "recovery": _("ยืนยันตัวตนด้วยรหัสกู้คืน"),
}

#: history event type: (icon, sentence); %(what)s is the step's name
EVENTS: Mapping[str, tuple[str, LazyText]] = {
    "instance.started": ("circle-play", _("เริ่มเรื่อง")),
    "instance.completed": ("check-check", _("เรื่องเสร็จสิ้น")),
    "instance.cancelled": ("x", _("ยกเลิกเรื่อง")),
    "instance.migrated": ("waypoints", _("ย้ายเรื่องไปใช้กระบวนการอีกรุ่นหนึ่ง")),
    "instance.migration_undone": ("undo-2", _("ย้ายเรื่องกลับไปใช้กระบวนการรุ่นเดิม")),
    "task.created": ("user-round-plus", _("ส่งงานไปขั้น “%(what)s”")),
    "task.claimed": ("user-round-check", _("รับงาน “%(what)s”")),
    "task.unclaimed": ("undo-2", _("คืนงาน “%(what)s”")),
    "task.opened": ("eye", _("เปิดอ่าน “%(what)s”")),
    "task.completed": ("check", _("ทำ “%(what)s” เสร็จ")),
    "task.returned": ("undo-2", _("ส่งคืนแก้ไขจาก “%(what)s”")),
    "task.delegated": ("user-round-plus", _("มอบหมายต่อ “%(what)s”")),
    "task.reassigned": ("user-round-plus", _("มอบหมายใหม่ “%(what)s”")),
    "list.changed": ("users-round", _("เปลี่ยนผู้ร่วมพิจารณาใน “%(what)s”")),
    "task.commented": ("messages-square", _("ให้ความเห็นใน “%(what)s”")),
    "task.cancelled": ("x", _("ยกเลิกงาน “%(what)s”")),
    "task.reminded": ("bell", _("เตือนงาน “%(what)s”")),
    "task.escalated": ("arrow-up", _("ยกระดับงาน “%(what)s”")),
    "document.endorsed": ("file-check", _("ตรึงข้อความที่เห็นในขั้น “%(what)s”")),
    "document.signed": ("shield-check", _("หนังสือลงนามแล้ว")),
    "document.withdrawal_asked": ("shield-x", _("ขอถอนหนังสือ")),
    "document.revoked": ("shield-x", _("หนังสือถูกยกเลิก")),
    "document.replaced": ("shield-x", _("ระบุหนังสือที่ใช้แทน")),
    "document.sealed": ("building", _("ประทับตราอิเล็กทรอนิกส์ของหน่วยงานแล้ว")),
    "document.copied": ("copy", _("ทำสำเนาจากไฟล์ที่ลงนาม")),
    "document.copied.slip": ("file-text", _("ทำใบเกษียนจากประวัติของเรื่อง")),
    "document.archived": ("archive", _("ประทับเวลาเก็บถาวรในหนังสือแล้ว")),
    "case.held": ("lock", _("ห้ามทำลายเรื่องนี้")),
    "case.released": ("undo-2", _("ยกเลิกการห้ามทำลาย")),
    "case.destroyed": ("trash-2", _("ทำลายแฟ้มของเรื่องแล้ว")),
    "destruction.listed": ("archive", _("จัดทำบัญชีหนังสือขอทำลายแล้ว")),
    "destruction.carried_out": ("trash-2", _("ทำลายแฟ้มของเรื่องหนึ่งแล้ว")),
    "job.completed": ("zap", _("ระบบทำ “%(what)s” เสร็จ")),
    "timer.fired": ("timer", _("ครบเวลา “%(what)s”")),
    "task.skipped": ("chevrons-up", _("ผ่านขั้น “%(what)s” เอง เพราะคนเดิมทำไว้แล้วก่อนหน้านี้")),
    "job.failed": ("rotate-cw", _("ระบบทำ “%(what)s” ยังไม่สำเร็จ จะลองใหม่")),
    "job.skipped": ("chevrons-up", _("ผู้ดูแลข้าม “%(what)s” ที่ระบบทำไม่สำเร็จ")),
    "message.correlated": ("mail", _("ได้รับข้อความ “%(what)s”")),
    "signal.received": ("zap", _("ได้รับสัญญาณ “%(what)s”")),
    "condition.held": ("zap", _("เริ่มเรื่องเพราะเงื่อนไขเป็นจริง")),
    "incident.raised": ("octagon-alert", _("เกิดเหตุขัดข้องที่ “%(what)s”")),
    "incident.resolved": ("wrench", _("แก้เหตุขัดข้องที่ “%(what)s”")),
}

#: why a task was closed that nobody had done, by `engine.runtime.values.ClosedTask.reason`
CLOSED: Mapping[str, LazyText] = {
    "boundary": _("สิ่งอื่นในเรื่องยุติงานส่วนนี้"),
    "terminated": _("เรื่องจบด้วยทางอื่น"),
    "completion_condition": _("ความเห็นครบแล้ว ไม่ต้องรอผู้อื่น"),
    "withdrawn": _("เอาออกจากรายการผู้พิจารณา"),
    "cancelled": _("เรื่องถูกยุติ"),
}

#: what the machine does, by action
ACTIONS: Mapping[str, LazyText] = {
    "archive.list_due": _("จัดทำบัญชีหนังสือขอทำลาย"),
    "archive.weigh": _("นับมติคณะกรรมการทำลายหนังสือ"),
    "archive.destroy": _("ทำลายแฟ้มที่อนุมัติแล้ว"),
    "archive.cases": _("เก็บเรื่องที่จบแล้วเข้าคลัง"),
    "accounts.reset_mail": _("ส่งลิงก์ตั้งรหัสผ่าน"),
    "correspondence.deliver": _("ส่งหนังสือถึงหน่วยรับ"),
    "correspondence.register": _("ลงทะเบียนส่ง"),
    "people.find": _("หาผู้ทำขั้นถัดไป"),
    "people.pass": _("ข้ามขั้นที่ไม่มีผู้ทำ"),
    "people.check_table": _("ตรวจไฟล์ข้อมูลบุคลากรก่อนนำเข้า"),
    "people.apply_table": _("นำเข้าไฟล์ข้อมูลบุคลากร"),
    "correspondence.settle_number": _("ปิดเลขที่จองไว้เมื่อสิ้นวัน"),
    "documents.file": _("เก็บหนังสือเข้าแฟ้ม"),
    "documents.render_version": _("จัดหน้าหนังสือ"),
    "documents.settle_signature": _("ปิดการลงนามที่ค้าง"),
    "documents.stamp_copy": _("ประทับเวลาสำเนาที่รับรอง"),
    "documents.settle_copy": _("ปิดการรับรองสำเนาที่ค้าง"),
    "documents.stamp": _("ประทับเวลาลายมือชื่อ"),
    "documents.archive": _("เก็บหนังสือที่ลงนามให้ตรวจสอบได้ตลอดไป"),
    "documents.seal": _("ประทับตราหน่วยงาน"),
    "documents.withdraw": _("ถอนหนังสือที่ลงนามแล้ว"),
    "documents.tell_kept": _("แจ้งว่าหนังสือยังมีผลใช้"),
    "documents.revoke_seal": _("เพิกถอนใบรับรองที่เลิกใช้"),
    "documents.warn_seal": _("เตือนว่าใบรับรองใกล้หมดอายุ"),
    "documents.revoke": _("เพิกถอนใบรับรองที่เลิกใช้"),
    "documents.warn": _("เตือนว่าใบรับรองใกล้หมดอายุ"),
    "engine.settle_migration": _("ย้ายเรื่องที่เดินอยู่ไปอีกรุ่น"),
    "engine.send_message": _("ส่งข้อความถึงเรื่องอื่น"),
    "engine.send_signal": _("ส่งสัญญาณถึงเรื่องอื่น"),
    "engine.start_by_signal": _("เริ่มเรื่องตามสัญญาณ"),
    "engine.start_by_condition": _("เริ่มเรื่องเพราะเงื่อนไขเป็นจริง"),
    "engine.ask_condition": _("ถามเงื่อนไขเริ่มเรื่องอีกครั้ง"),
    "http.call": _("เรียกระบบอื่น"),
    "notices.mail": _("ส่งอีเมลแจ้งเตือน"),
}

#: events that only operators look at
TECHNICAL = frozenset({"token.moved", "variable.set", "document.endorsed"})

#: outcomes that end a matter instead of passing it on, whatever the diagram calls them
ENDING = frozenset({"reject", "refuse", "withdraw", "not_approved", "disapprove", "close"})


def ends(outcome: str) -> bool:
    """A card of a composed route may have several buttons that refuse."""
    return outcome in ENDING or refuses(outcome)


def field_errors(wrong: Invalid) -> dict[str, str]:
    """One message for each field, in the reader's language, in the order found."""
    found: dict[str, str] = {}
    for error in wrong.errors:
        found.setdefault(error.path, say_field(error))
    return found or {"": say(wrong)}


def say_field(error: FieldError) -> str:
    if isinstance(error.message, Message):
        return localised(error.message, language())
    if error.code == OWN:
        return error.message
    if error.code == "required" and error.path in PATHS:
        return str(PATHS[error.path])
    known = FIELD_CODES.get(error.code)
    return str(known) if known is not None else gettext("ค่าในช่องนี้ใช้ไม่ได้")


def status(refused: Rejected) -> int:
    """The HTTP status of a refusal that a page shows itself."""
    return of_rejection(refused).status


def say(error: Rejected) -> str:
    """The refusal in the reader's language; a code without words of its own speaks generally."""
    if isinstance(error, TooLarge) and error.size and error.most:
        return _too_large(error.name, error.size, error.most)
    found = REJECTIONS.get(error.code)
    return str(found) if found is not None else gettext("ทำรายการนี้ไม่ได้ในขณะนี้")


def _too_large(name: str, size: int, most: int) -> str:
    """What is too large, by how much: tenths of a MB, so that no two read alike that differ."""
    given = {"size": f"{-(-size * 10 // 2**20) / 10:,.1f}"}
    given["most"] = f"{most / 2**20:,.1f}".removesuffix(".0")
    if not name:
        text = gettext("สิ่งที่ส่งมามี %(size)s MB รับได้ไม่เกิน %(most)s MB", **given)
    else:
        text = gettext(
            "ไฟล์ “%(name)s” มี %(size)s MB รับได้ไม่เกินไฟล์ละ %(most)s MB ย่อขนาดหรือแยกเป็นหลายไฟล์",
            name=name,
            **given,
        )
    nothing = gettext("ยังไม่มีอะไรถูกบันทึก")
    return f"{text} {nothing}"
