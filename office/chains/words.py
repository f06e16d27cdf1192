"""How cards are spoken of, in Thai and in English: each in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from office.chains.answers import read_said
from office.chains.answers import told as told_answer
from office.chains.conditions import told
from office.chains.exits import Exits
from office.chains.matrix import words as matrix_words
from office.chains.model import (
    END,
    HTTP_CALL,
    OPERATORS,
    REFUSE,
    STARTER,
    Act,
    Ask,
    AskKind,
    Call,
    Chain,
    Choose,
    Due,
    Field,
    FieldKind,
    How,
    Inform,
    Matrix,
    Nobody,
    Outcome,
    Span,
    Step,
    Together,
    Wait,
    Who,
    called,
    names_several,
)
from office.foreseen.words import WARNINGS
from office.people.rules import LEVELS

Pair = tuple[str, str]

#: card kind to its name
KINDS: Mapping[str, Pair] = {
    "approve": ("เห็นชอบหรืออนุมัติ", "Approve"),
    "proofread": ("ทานหรือแก้ไข", "Proofread or revise"),
    "sign": ("ลงนาม", "Sign"),
    "consult": ("หารือ", "Consult"),
    "inform": ("แจ้งเพื่อทราบ", "Inform"),
    "choose": ("แยกตามเงื่อนไข", "Condition"),
    "matrix": matrix_words.KIND,
    "together": ("ทำพร้อมกัน", "In parallel"),
    "wait": ("รอ", "Wait"),
    "call": ("กระบวนการย่อย", "Sub-route"),
    "act": ("ให้ระบบทำ", "Action"),
}
FIELD_KINDS: Mapping[FieldKind, Pair] = {
    "text": ("ข้อความ", "Text"),
    "lines": ("ข้อความหลายบรรทัด", "Several lines"),
    "number": ("ตัวเลข", "Number"),
    "date": ("วันที่", "Date"),
    "check": ("ใช่หรือไม่", "Yes or no"),
    "choice": ("เลือกจากรายการ", "Choice"),
    "person": ("บุคคล", "Person"),
    "files": ("ไฟล์แนบ", "Files"),
}
HOWS: Mapping[How, Pair] = {
    "one": ("คนใดคนหนึ่ง", "any one of them"),
    "all": ("ทุกคน พร้อมกัน", "all at the same time"),
    "in_order": ("ทุกคน ตามลำดับ", "all, one after another"),
    "share": ("ตามสัดส่วน", "a share of them"),
    "first": ("ผู้ที่ตอบก่อน", "whoever answers first"),
}
NOBODIES: Mapping[Nobody, Pair] = {
    "stop": ("หยุดรอผู้ดูแล", "stop, and tell the operators"),
    "pass": ("ข้ามขั้นนี้", "pass the step"),
    "hand": ("ให้ผู้อื่นทำแทน", "let others do it"),
}
#: where only whoever started it could do a step; "do": they may
STARTERS: Mapping[str, Pair] = {
    "do": ("ทำได้ตามปกติ", "does it all the same"),
    "same": ("ห้ามทำ ถือว่าไม่มีผู้ทำ", "may not: as if nobody could"),
    "stop": ("ห้ามทำ หยุดรอผู้ดูแล", "may not: stop, and tell the operators"),
    "pass": ("ห้ามทำ ข้ามขั้นนี้", "may not: pass the step"),
    "superior": ("ห้ามทำ ให้ผู้บังคับบัญชาของผู้เริ่มเรื่องทำแทน", "may not: their superior does it"),
    "hand": ("ห้ามทำ ให้ผู้อื่นทำแทน", "may not: let others do it"),
}
LATES: Mapping[str, Pair] = {
    "wait": ("รอต่อไป", "wait on"),
    "superior": ("ให้ผู้บังคับบัญชาทำได้ด้วย", "let the superior act as well"),
    "pass": ("ให้เรื่องเดินต่อ", "let it pass"),
    "refuse": ("ถือว่าไม่เห็นชอบ", "count it as a refusal"),
}
#: the same of those who are only told
LAPSES: Mapping[str, Pair] = {
    "wait": ("รอการรับทราบต่อไป", "wait on for it"),
    "superior": ("ให้ผู้บังคับบัญชารับทราบได้ด้วย", "let the superior acknowledge as well"),
    "pass": ("เลิกรอการรับทราบ", "wait for it no more"),
}
_YES: Mapping[AskKind, tuple[Outcome, ...]] = {
    "approve": (Outcome("approve", "เห็นชอบ", "Approve"),),
    "proofread": (
        Outcome("pass", "ผ่าน", "Pass"),
        Outcome("corrected", "ผ่านโดยแก้ไข", "Pass with corrections"),
    ),
    "sign": (Outcome("sign", "ลงนาม", "Sign"),),
    "consult": (
        Outcome("agree", "ไม่ขัดข้อง", "No objection"),
        Outcome("remark", "มีข้อสังเกต", "Remarks"),
    ),
}
REFUSAL = Outcome(REFUSE, "ไม่เห็นชอบ", "Refuse", reason=True)

#: what is wrong with a card, and what to do
FAULTS: Mapping[str, Pair] = {
    "key": (
        "รหัสใช้ตัวอักษร a-z ตัวเลข และ - ขึ้นต้นด้วยตัวอักษร",
        "Write the code with a-z, digits and -, beginning with a letter",
    ),
    "name": ("ใส่ชื่อ", "Give it a name"),
    "no_steps": ("เพิ่มอย่างน้อยหนึ่งขั้น", "Add at least one step"),
    "too_many": ("มากหรือซ้อนกันลึกเกินไป แยกเป็นกระบวนการย่อย", "Too many or too deep: use sub-routes"),
    "field_unknown": ("ไม่มีช่อง “%s” ในแบบฟอร์มที่ใช้ตรงนี้ได้", "The form has no such field “%s” for this"),
    "id": ("รหัสขั้น “%s” ซ้ำหรือใช้ไม่ได้", "The step's id “%s” is repeated or cannot be used"),
    "field_key": ("ชื่อตัวแปร “%s” ซ้ำหรือใช้ไม่ได้", "The variable “%s” is repeated or cannot be used"),
    "label": ("ใส่คำที่จะแสดง", "Give it words to show"),
    "options": ("ใส่รายการให้เลือกของ “%s” ไม่ซ้ำกัน", "Give “%s” choices that differ"),
    "check": ("“%s” เป็นช่องใช่หรือไม่ จึงบังคับกรอกไม่ได้", "“%s” is yes or no and cannot be required"),
    "accept": (
        "ช่อง “%s” ระบุชนิดไฟล์ที่แนบไม่ได้ เขียนนามสกุล เช่น .pdf, .xlsx หรือเว้นว่างเพื่อรับทุกชนิดที่แนบได้",
        "“%s” names kinds of files that cannot be attached: write their endings, as .pdf, .xlsx, or"
        " leave it empty for all that can",
    ),
    "files_asked": (
        "ช่อง “%s” เป็นไฟล์แนบ เงื่อนไขถามได้ว่ามีกี่ไฟล์ เช่น ตั้งแต่ 1 (มีไฟล์) หรือเท่ากับ 0 (ไม่มีไฟล์)"
        " เป็น FEEL คือ count(…) >= 1",
        "“%s” holds files: a condition can ask how many there are, as at least 1 (there is one) or"
        " equal to 0 (there is none); as FEEL, count(…) >= 1",
    ),
    "people_asked": (
        "ช่อง “%s” มีได้หลายคน จึงเทียบกับค่าเดียวไม่ได้ เขียนเป็น FEEL เช่น list contains(…, \"ชื่อผู้ใช้\")",
        "“%s” may hold several people and is not compared with one value: write FEEL, as"
        ' list contains(…, "user name")',
    ),
    "files_column": (
        "ตารางดูช่องไฟล์แนบ “%s” ไม่ได้ ใช้การ์ด “แยกตามเงื่อนไข” ซึ่งถามจำนวนไฟล์ได้",
        "A table does not look at the files in “%s”: use a condition, which can ask how many there"
        " are",
    ),
    "title_files": (
        "ช่อง “%s” เป็นไฟล์แนบ หรือมีได้หลายคน จึงใช้เป็นชื่อเรื่องไม่ได้ เลือกช่องอื่น",
        "“%s” holds files, or several people, and cannot name the case: choose another field",
    ),
    "process": ("เลือกกระบวนการย่อยที่เผยแพร่แล้ว", "Choose a published process"),
    "action": ("เลือกสิ่งที่ให้ระบบทำ", "Choose what the system does"),
    "act_letter": (
        "สิ่งนี้ทำกับหนังสือ แต่สายนี้ไม่ใช่เส้นทางของหนังสือ เลือกอย่างอื่น หรือทำเป็นเส้นทางของหนังสือใน “ชื่อและแบบฟอร์ม”",
        "It does something with a letter, but no letter goes this way: choose something else, or"
        " make it a letter's route under “name and form”",
    ),
    "act_places": (
        "ใส่ค่าของ %s ในที่อยู่ที่เรียก เป็นนิพจน์ เช่น ={code: subject}",
        "Give a value for %s in the path that is called, as ={code: subject}",
    ),
    "branches": ("ต้องมีอย่างน้อยสองทาง", "At least two ways are needed"),
    "nobody": ("ระบุว่าใครทำขั้นนี้", "Say who does this step"),
    "who_unknown": (
        "ไม่มี “%s” ในรายการที่เลือกได้ หรือมีมากกว่าหนึ่ง เลือกจากรายการ หรือพิมพ์รหัส",
        "“%s” is none of those who can be named here, or there are several: choose from the list,"
        " or write the code",
    ),
    "instead": (
        "เลือกผู้ที่ทำแทนเมื่อไม่มีผู้ทำ", "Choose who does it instead where nobody can"
    ),
    "instead_of_starter": (
        "เลือกผู้ที่ทำแทนเมื่อเป็นผู้เริ่มเรื่องเอง",
        "Choose who does it instead where it is the starter themselves",
    ),
    "if_starter": (
        "บอกว่าทำอย่างไรถ้าเป็นผู้เริ่มเรื่องเอง แต่ขั้นนี้ไม่ได้ห้ามผู้เริ่มเรื่อง เลือก “ถ้าเป็นผู้เริ่มเรื่องเอง” อีกครั้ง",
        "It says what is done where it is the starter themselves, but they may do this step: choose"
        " that again",
    ),
    "nobody_typed": (
        "ผู้ทำมาจากค่าในแบบฟอร์ม ผู้เริ่มเรื่องอาจระบุจนไม่มีผู้ทำ หรือระบุตนเอง จึงข้ามไม่ได้ เลือก “หยุดรอผู้ดูแล”"
        " หรือให้ผู้อื่นทำแทน",
        "Values of the form name who does this, so whoever starts it could name nobody, or"
        " themselves: it is not passed over. Choose “stop”, or others instead",
    ),
    "nobody_must": (
        "ขั้นร่างและขั้นลงนามข้ามไม่ได้ เลือก “หยุดรอผู้ดูแล” (ขั้นลงนามให้ผู้อื่นทำแทนได้)",
        "A letter's draft and signature are not passed over: choose “stop” (others may sign"
        " instead)",
    ),
    "only_one": ("ผู้ทำแบบนี้มีคนเดียว เลือก “คนใดคนหนึ่ง”", "This names one person: choose “any one”"),
    "optional": ("ช่อง “%s” ต้องบังคับกรอก จึงใช้ตรงนี้ได้", "“%s” must be required to be used here"),
    "performer": ("เลือกขั้นก่อนหน้าที่มีผู้ทำ", "Choose an earlier step that somebody does"),
    "appoint_step": (
        "เลือกขั้นก่อนหน้าที่ทุกเรื่องต้องผ่านก่อนถึงขั้นนี้ ให้ผู้ทำขั้นนั้นเลือกผู้ทำ",
        "Choose an earlier step that every case goes through before this one: whoever does that"
        " chooses",
    ),
    "appoint_several": (
        "ขั้น “%s” มีหลายคนทำ จึงไม่มีใครเลือกผู้ทำขั้นนี้ได้คนเดียว ให้ขั้นนั้นทำโดย “คนใดคนหนึ่ง” หรือเลือกขั้นอื่น",
        "Several do “%s”, so nobody there chooses alone: let any one of them do it, or choose"
        " another step",
    ),
    "appoint_sign": (
        "ขั้น “%s” เป็นขั้นลงนาม ซึ่งเลือกผู้ทำขั้นต่อไปไม่ได้ เลือกขั้นอื่น",
        "“%s” signs the letter and cannot choose who comes next: choose another step",
    ),
    "appoint_passed": (
        "ขั้น “%s” ข้ามได้ หรือผ่านเองได้ จึงอาจไม่มีใครเลือกผู้ทำขั้นนี้ ให้ขั้นนั้นข้ามไม่ได้ หรือเลือกขั้นอื่น",
        "“%s” can be passed, and then nobody would have chosen: let it not be passed, or choose"
        " another step",
    ),
    "rank": ("เลือกระดับสูงสุดที่เรื่องขึ้นไปถึง", "Choose the rank up to which it goes"),
    "level": ("ระดับผู้บังคับบัญชาเป็น 1 ถึง 9", "The superior's level is from 1 to 9"),
    "feel": ("นิพจน์ FEEL “%s” ใช้ไม่ได้", "“%s” cannot be used as FEEL"),
    "refusal_button": (
        "“ถ้าไม่เห็นชอบ” บอกว่าเรื่องไปไหน แต่ไม่มีปุ่มที่ไม่เห็นชอบ เพิ่มปุ่มหนึ่งปุ่ม",
        "It says where a refusal leads, but no button refuses: add one",
    ),
    "refusal_way": (
        "ปุ่ม “%s” ไม่เห็นชอบ แต่ “ถ้าไม่เห็นชอบ” ไม่ได้บอกว่าเรื่องไปไหน เลือกทาง หรือเอาปุ่มออก",
        "The button “%s” refuses, but nothing says where a refusal leads: choose a way, or take the"
        " button away",
    ),
    "answer_step": (
        "ขั้น “%s” ที่เงื่อนไขถามถึงไม่ได้อยู่ก่อนการ์ดนี้ เลือกคำตอบของขั้นก่อนหน้า",
        "“%s”, whose answer the condition asks for, does not come before this card: choose the"
        " answer of an earlier step",
    ),
    "answer_gone": (
        "ขั้น “%s” ไม่มีปุ่มที่เงื่อนไขถามถึงแล้ว หรือเปลี่ยนจำนวนผู้ทำ เลือกคำตอบอีกครั้ง",
        "“%s” has no such button any more, or is done by another number of people: choose the"
        " answer again",
    ),
    "answer_old": (
        "ขั้น “%s” อาจไม่มีคำตอบในรอบใหม่ เพราะข้ามได้และเรื่องย้อนกลับมาได้ คำตอบของรอบก่อนจะยังใช้อยู่"
        " ให้ขั้นนั้นข้ามไม่ได้ หรือให้เรื่องไม่ย้อนผ่านขั้นนั้น",
        "“%s” may be left without an answer when the case comes back, and the one of the round"
        " before would count: let it not be passed, or let nothing lead back past it",
    ),
    "outcomes": ("ปุ่มของขั้นนี้ไม่ครบหรือซ้ำกัน", "The step's buttons are incomplete or repeated"),
    "share": ("สัดส่วนเป็น 1 ถึง 100", "The share is from 1 to 100"),
    "edits_of_several": (
        "หลายคนแก้ช่องเดียวกันไม่ได้ เลือก “คนใดคนหนึ่ง”",
        "Several cannot change one field: choose “any one”",
    ),
    "confirm_passed": (
        "ขั้นที่ต้องยืนยันตัวตนผ่านเองไม่ได้ เลือกอย่างใดอย่างหนึ่ง",
        "A step at which people prove to be themselves does not pass by itself: choose one of them",
    ),
    "confirm_sign": (
        "ขั้นลงนามยืนยันตัวตนด้วยการลงนามอยู่แล้ว เอา “ยืนยันตัวตน” ออก",
        "Who signs proves to be themselves by signing: take the confirmation away",
    ),
    "edits_hidden": ("ช่อง “%s” ซ่อนอยู่ จึงแก้ไม่ได้", "“%s” is hidden here and cannot be changed"),
    "title_hidden": (
        "ช่อง “%s” เป็นชื่อเรื่องซึ่งทุกคนเห็น จึงซ่อนไม่ได้",
        "“%s” is the title of the case, which everybody sees: it cannot be hidden",
    ),
    "span": ("เวลาเป็นจำนวนเต็ม 1 ถึง 999", "The time is a whole number from 1 to 999"),
    "late_refusal": (
        "ขั้นนี้ไม่มีปุ่มไม่เห็นชอบ จึงถือว่าไม่เห็นชอบเมื่อพ้นกำหนดไม่ได้",
        "A step without a refusal cannot be refused by its deadline",
    ),
    "letter_fields": (
        "เส้นทางของหนังสือเริ่มจากหนังสือ จึงไม่มีแบบฟอร์มและบทบาทผู้เริ่มเรื่อง เอาออกก่อน",
        "A letter's route starts with its letter: take away its form and the role that starts it",
    ),
    "sign_letter": (
        "ลงนามได้เฉพาะในเส้นทางของหนังสือ เลือกใน “ชื่อและแบบฟอร์ม”",
        "Only a letter's route has something to sign: choose so under “name and form”",
    ),
    "sign_one": (
        "ลงนามครั้งเดียวด้วยคนเดียว เลือก “คนใดคนหนึ่ง”", "One person signs: choose “any one”",
    ),
    "sign_buttons": (
        "ขั้นลงนามต้องมีปุ่ม “ลงนาม” ปุ่มเดียวที่ให้เรื่องเดินต่อ",
        "Signing is the one button with which the matter goes on from here",
    ),
    "sign_missing": ("เส้นทางของหนังสือต้องมีขั้นลงนาม", "A letter's route needs a step that signs"),
    "draft_first": (
        "เส้นทางของหนังสือต้องเริ่มด้วยขั้นร่าง", "A letter's route must begin with its draft"
    ),
    "sign_parallel": (
        "ลงนามพร้อมกับงานอื่นไม่ได้ ย้ายขั้นลงนามออกนอก “ทำพร้อมกัน”",
        "Nothing else can go on while a letter is signed: move the signature out of parallel work",
    ),
    "refuse_after_sign": (
        "หนังสือลงนามแล้ว ไม่เห็นชอบจนเรื่องจบไม่ได้ เอาปุ่มไม่เห็นชอบออก หรือย้ายขั้นนี้ไปไว้ก่อนลงนาม",
        "The letter is signed by then and cannot be refused: take the refusal away, or move this"
        " before the signature",
    ),
    "writes": (
        "ขั้นนี้แก้ข้อความในหนังสือไม่ได้ ลบแล้วเพิ่มใหม่ นอกจากขั้นร่าง มีขั้นทานหรือแก้ไขได้สองขั้น",
        "Nobody could change the letter's words here: remove it and add it again; besides the draft"
        " there can be two such steps",
    ),
    "sign_late": (
        "เมื่อพ้นกำหนด ขั้นลงนามรอต่อไปได้อย่างเดียว", "When time is up, signing can only wait on"
    ),
    "sign_twice": ("หนังสือลงนามได้ครั้งเดียว", "A letter is signed once"),
    "back_over_sign": (
        "ลงนามแล้วย้อนกลับไปก่อนลงนามไม่ได้", "What is signed does not go back before its signature"
    ),
    "until": ("เลือกช่องวันที่ที่บังคับกรอก", "Choose a date field that is required"),
    "condition": ("ใส่เงื่อนไขของทาง “%s”", "Give the way “%s” a condition"),
    "back_to": (
        "เลือกขั้นก่อนหน้าที่มีผู้ทำ ซึ่งไม่อยู่ในทางอื่น",
        "Choose an earlier step that somebody does and that is in no other way",
    ),
    "may_mixed": (
        "ในการทำพร้อมกัน เลือกขั้นในทางเดียวกันทั้งหมด หรือขั้นก่อนการทำพร้อมกันทั้งหมด",
        "In parallel work, choose steps of the same way only, or steps before that work only",
    ),
    "late_choice": (
        "พ้นกำหนดแล้วไม่มีผู้เลือกว่าจะส่งคืนให้ใคร เลือกอย่างอื่นเมื่อพ้นกำหนด",
        "When time is up nobody chooses where it goes: let something else happen then",
    ),
    "may_end": (
        "ผู้ที่ทำไม่ได้นับเป็นไม่เห็นชอบ แต่ไม่ได้เลือกว่าจะส่งคืนให้ใคร เลือก “ให้เรื่องจบ” ด้วย หรือเลือก “หยุดรอผู้ดูแล”",
        "Those who cannot do it count as a no, but choose nothing: allow the end of the matter too,"
        " or choose “stop” where nobody can",
    ),
    "may": (
        "เลือกอย่างน้อยหนึ่งขั้นที่ผู้ไม่เห็นชอบส่งคืนได้",
        "Choose at least one step to which whoever refuses can send it back",
    ),
    "back_over_inform": (
        "ย้อนข้ามขั้นแจ้งเพื่อทราบไม่ได้ ย้ายขั้นแจ้งไปไว้หลังขั้นนี้",
        "A refusal cannot go back past an “inform”: move that behind this step",
    ),
    **matrix_words.FAULTS,
}  # fmt: skip

#: what an administrator should know before publishing, by `rules.remarks`
REMARKS: Mapping[str, Pair] = {
    "way_never": WARNINGS["way_never"],
    **matrix_words.REMARKS,
}  # fmt: skip


#: why a diagram is not composable, by `NotComposable.why`
WHY: Mapping[str, Pair] = {
    "no_process": ("ไม่พบกระบวนการนี้ในไฟล์", "The files do not hold this process"),
    "several_processes": ("มีหลายกระบวนการในไฟล์เดียว", "The file holds several processes"),
    "faulty": ("ผังมีข้อผิดพลาด: %s", "The diagram is faulty: %s"),
    "extra": ("มี %s ซึ่งการ์ดบอกไม่ได้", "There is a %s, which cards cannot say"),
    "element": ("ชนิด %s ไม่มีการ์ด", "There is no card for a %s"),
    "outcomes": ("ไม่มีปุ่มที่ให้เรื่องเดินต่อ", "It has no button that lets the matter go on"),
    "people": ("ระบุผู้ทำแบบที่การ์ดบอกไม่ได้", "It says who in a way that cards cannot"),
    "span": ("เวลา %s ไม่ใช่จำนวนชั่วโมงหรือวัน", "The time %s is not a number of hours or days"),
    "differs": ("มีค่า (%s) ที่การ์ดบอกไม่ได้", "It has a setting (%s) that cards cannot say"),
    "unreached": ("ไม่อยู่ในลำดับของการ์ด", "It is not in the order of the cards"),
    "flow": ("เส้นนี้ไม่ตรงกับรูปแบบของการ์ด", "This flow is not one of the cards' patterns"),
    "form": ("แบบฟอร์มนี้ไม่ได้ทำจากการ์ด", "This form is not one of the composer"),
    "branches": ("ทางที่แยกไม่มารวมที่จุดเดียวกัน", "Its ways do not come together again"),
    "circle": ("เส้นย้อนกลับมาที่นี่นอกรูปแบบ", "A flow leads back here outside the patterns"),
    "refusal": ("หลังขั้นที่ไม่เห็นชอบได้ต้องเป็นทางแยกสองทาง", "A refusal needs a gateway of two ways"),
    "merge": ("เส้นเมื่อพ้นกำหนดไม่มารวมหลังขั้นนี้", "The deadline's way does not join behind it"),
    "shared": ("ใช้ร่วมกันหลายขั้น", "Several steps share it"),
    "older_again": (
        "ส่งตรงกลับมายัง “%s” ด้วยรูปแบบเดิม ซึ่งยังเดินได้แต่การ์ดบอกไม่ได้ ลบจุดแยกนี้กับเส้นนั้นในตัวออกแบบ"
        " เปิดเป็นการ์ด แล้วเลือก “ส่งตรงกลับมา” ในขั้นนั้นอีกครั้ง",
        "It comes straight back to “%s” in an older way, which runs but cards cannot say: remove"
        " this gateway and that flow in the designer, open it as cards, and choose “straight here"
        " again” in that step once more",
    ),
    "ways": ("ต้องมีเส้นออกเส้นเดียว", "Exactly one flow must leave it"),
    **matrix_words.WHY,
}  # fmt: skip


def capital(text: str) -> str:
    """As a line begins; Thai has but one form of a letter."""
    return text[:1].upper() + text[1:]


def filled(pair: Pair, detail: str) -> Pair:
    """Both languages, with the detail where they have a place for it."""
    thai, english = (text % detail if "%s" in text else text for text in pair)
    return thai, english


def outcomes_of(kind: AskKind, *, refusal: bool) -> tuple[Outcome, ...]:
    """The usual buttons of a new card."""
    return (*_YES[kind], REFUSAL) if refusal else _YES[kind]


def sentence(step: Step, chain: Chain, names: Callable[[str], str], english: bool) -> str:
    """What the card does. `names` gives the name behind a principal."""
    speak = _Speech(chain, names, english)
    match step:
        case Ask():
            return speak.ask(step)
        case Inform():
            return speak.inform(step)
        case Wait():
            return speak.wait(step)
        case Call() if not step.process:
            return speak.pick(
                "เดินกระบวนการ (ยังไม่ระบุ) จนจบ แล้วเดินต่อ",
                "Runs a process (none chosen yet) to its end, then goes on",
            )
        case Call():
            return speak.pick(
                "เดินกระบวนการ “%s” จนจบ แล้วเดินต่อ",
                "Runs “%s” to its end, then goes on",
                step.process,
            )
        case Act() if step.action == HTTP_CALL:
            return speak.pick(
                "ระบบเรียก “%s” (%s %s) แล้วเดินต่อ",
                "The system calls “%s” (%s %s), then goes on",
                *(step.given(name) for name in ("connector", "method", "path")),
            )
        case Act():
            return speak.pick("ระบบทำ “%s” เอง", "The system does “%s” by itself", step.action)
        case Matrix():
            return speak.pick(*matrix_words.sentence(step))
        case Choose():
            return speak.pick(
                "ทำทางแรกที่ตรงเงื่อนไข จาก %s ทาง",
                "Takes the first of %s ways whose condition holds",
                str(len(step.branches)),
            )
        case Together():
            return speak.pick(
                "ทำ %s ทางพร้อมกัน เสร็จทุกทางแล้วเดินต่อ",
                "Does %s ways at the same time, and goes on when all are done",
                str(len(step.branches)),
            )


class _Speech:
    def __init__(self, chain: Chain, names: Callable[[str], str], english: bool) -> None:
        self.chain, self.names, self.english = chain, names, english

    def pick(self, thai: str, english: str, *values: str) -> str:
        return (english if self.english else thai) % values

    def ask(self, step: Ask) -> str:
        verb = _VERBS[step.kind][self.english]
        who = self.who(step.who)
        parts = [f"{who} {verb}" if self.english else f"ให้ {who} {verb}", self.how(step)]
        if step.due is not None:
            parts.append(self.due(step.due))
        parts.append(self.no(step))
        parts.append(self.opinions(step))
        if step.id in Exits.of(self.chain).backs:
            parts.append(self.pick("ทางอื่นที่ทำพร้อมกันยุติ", "which ends the other ways"))
        parts.append(self.nobody(step.who))
        if step.confirm:
            parts.append(self.pick("ต้องยืนยันตัวตนก่อนตอบ", "proving anew to be themselves"))
        parts += self.apart(step)
        parts.append(self.appoints(step))
        parts.append(self.fields("แก้ได้: %s", "may change %s", step.edits))
        parts.append(self.fields("ไม่เห็น: %s", "does not see %s", step.hides))
        joint = ", " if self.english else " "
        told = joint.join(part for part in parts if part)
        # a name stays as it is written
        return told if step.who.kind in ("named", "formula") else capital(told)

    def opinions(self, step: Ask) -> str:
        """Which buttons, beside those that say no, ask for an opinion."""
        asked = [one for one in step.outcomes if one.reason and not one.refuses]
        if not asked:
            return ""
        told = ", ".join(f"“{one.name_en if self.english else one.name}”" for one in asked)
        return self.pick("ต้องเขียนความเห็นเมื่อกด %s", "an opinion is required with %s", told)

    def who(self, who: Who) -> str:
        match who.kind:
            case "named":
                return self.listed(who)
            case "head":
                return self.pick("หัวหน้าของ %s", "the head of %s", self.listed(who))
            case "members":
                return self.pick("สมาชิกของ %s", "the members of %s", self.listed(who))
            case "ladder":
                rank = LEVELS.get(who.rank, ("?", "?"))[self.english]
                return self.pick(
                    "ผู้บังคับบัญชาของผู้เริ่มเรื่องทุกระดับจนถึง%s", "the starter's superiors up to %s", rank
                )
            case "starter":
                return self.pick("ผู้เริ่มเรื่อง", "whoever started it")
            case "superior" if who.level == 1:
                return self.pick("ผู้บังคับบัญชาของผู้เริ่มเรื่อง", "the starter's superior")
            case "superior":
                return self.pick(
                    "ผู้บังคับบัญชาของผู้เริ่มเรื่องขึ้นไป %s ระดับ",
                    "the starter's superior %s levels up",
                    str(who.level),
                )
            case "field":
                field = self.chain.field(who.value)
                return self.pick(
                    "ผู้ที่ระบุใน “%s”",
                    "whoever is named in “%s”",
                    self.label(field) if field else who.value,
                )
            case "appointed":
                step = self.chain.step(who.value)
                return self.pick(
                    "ผู้ที่ผู้ทำขั้น “%s” เลือก",
                    "whoever is chosen in “%s”",
                    step.name if step else "?",
                )
            case "performer":
                step = self.chain.step(who.value)
                return self.pick(
                    "ผู้ที่ทำขั้น “%s”", "whoever did “%s”", step.name if step else who.value
                )
            case _ if who.value:
                return self.pick("ผู้ที่สูตร FEEL “%s” ระบุ", "whoever FEEL “%s” names", who.value)
            case _:
                return self.pick("(ยังไม่ระบุ)", "(nobody yet)")

    def nobody(self, who: Who) -> str:
        if who.if_nobody == "pass":
            return self.pick("ถ้าไม่มีผู้ทำให้ข้ามขั้นนี้", "passes if nobody can do it")
        if who.if_nobody == "hand":
            others = self.named(who.instead)
            return self.pick("ถ้าไม่มีผู้ทำให้ %s ทำแทน", "if nobody can do it, %s does", others)
        return ""

    def apart(self, step: Ask) -> list[str]:
        """Who may not do it, and when it passes by itself."""
        names = [self.chain.step(one) for one in step.not_those]
        told = ", ".join(f"“{one.name if one else '?'}”" for one in names)
        return [
            self.own(step.who) if step.not_starter else "",
            self.pick("(ไม่ใช่ผู้ที่ทำ %s)", "not by whoever did %s", told) if told else "",
            self.pick(
                "(ข้ามถ้าคนเดิมทำไว้แล้ว และเรื่องไม่ถูกส่งคืนหรือแก้หลังจากนั้น)",
                "passes if the same person has done as much, and it was not sent back or changed"
                " since",
            )
            if step.skip_same
            else "",
        ]

    def own(self, who: Who) -> str:
        """What is done where whoever does it is the starter themselves, who may not."""
        match who.if_starter:
            case "same":
                return self.pick("(ผู้เริ่มเรื่องทำไม่ได้)", "not by the starter")
            case "stop":
                return self.pick(
                    "ถ้าเป็นผู้เริ่มเรื่องเองให้หยุดรอผู้ดูแล",
                    "if that is the starter, it stops for the operators",
                )
            case "pass":
                return self.pick("ถ้าเป็นผู้เริ่มเรื่องเองให้ข้าม", "passes if that is the starter")
            case "superior":
                return self.pick(
                    "ถ้าเป็นผู้เริ่มเรื่องเองให้ผู้บังคับบัญชาของผู้เริ่มเรื่องทำ",
                    "if that is the starter, the starter's superior does",
                )
            case "hand":
                others = self.named(who.instead_of_starter)
                return self.pick(
                    "ถ้าเป็นผู้เริ่มเรื่องเองให้ %s ทำแทน", "if that is the starter, %s does", others
                )

    def appoints(self, step: Ask) -> str:
        """Whose performers it names."""
        names = [
            f"“{one.name}”" + (self.pick(" (หลายคน)", " (several)") if names_several(one) else "")
            for one in self.chain.appointed(step.id)
        ]
        told = self.joined(names, self.pick(" และ ", " and ")) if names else ""
        return self.pick("(เลือกผู้ทำขั้น %s ด้วย)", "chooses who does %s", told) if told else ""

    def fields(self, thai: str, english: str, keys: Sequence[str]) -> str:
        found = [(key, self.chain.field(key)) for key in keys]
        told = ", ".join(self.label(field) if field else key for key, field in found)
        return self.pick(f"({thai})", english, told) if told else ""

    def label(self, field: Field) -> str:
        return called(field, english=self.english)

    def listed(self, who: Who) -> str:
        return self.named(who.values)

    def named(self, values: Sequence[str]) -> str:
        listed = [
            self.pick("ผู้ดูแลเรื่อง", "the operators") if value == OPERATORS else self.names(value)
            for value in values
        ]
        return self.joined(listed, self.pick(" และ ", " and "))

    def joined(self, texts: Sequence[str], last: str) -> str:
        if len(texts) < 2:
            return "".join(texts) or self.pick("(ยังไม่ระบุ)", "(nobody yet)")
        return ", ".join(texts[:-1]) + last + texts[-1]

    def how(self, step: Ask) -> str:
        if step.how == "one":
            named = step.who.kind == "named" and len(step.who.values) > 1
            field = self.chain.field(step.who.value) if step.who.kind == "field" else None
            listed = field is not None and field.several
            several = named or listed or step.who.kind in ("members", "ladder")
            return HOWS["one"][self.english] if several else ""
        if step.how == "share":
            return self.pick(
                "ต้องเห็นชอบอย่างน้อยร้อยละ %s", "at least %s per cent must agree", str(step.share)
            )
        return HOWS[step.how][self.english]

    def due(self, due: Due) -> str:
        within = self.pick("ภายใน %s", "within %s", self.span(due.span))
        return self.then(within, due, LATES)

    def then(self, within: str, due: Due, lates: Mapping[str, Pair]) -> str:
        if due.remind:
            within = self.pick("%s เตือนเมื่อถึงครึ่งเวลา", "%s, reminded halfway", within)
        if due.late not in lates or due.late == "wait":
            return within
        return self.pick(
            "%s ถ้าพ้นกำหนด%s", "%s; when time is up, %s", within, lates[due.late][self.english]
        )

    def span(self, span: Span) -> str:
        thai = {"hours": "ชั่วโมง", "days": "วัน"}[span.unit] + ("ทำการ" if span.working else "")
        unit = span.unit if span.amount > 1 else span.unit.removesuffix("s")
        english = f"working {unit}" if span.working else unit
        return f"{span.amount} {english if self.english else thai}"

    def no(self, step: Ask) -> str:
        if step.refusal == "none":
            return ""
        if step.refusal == "chosen":
            return self.choice(step)
        if step.refusal == "end":
            return self.pick("ถ้าไม่เห็นชอบเรื่องจบ", "a refusal ends the matter")
        if step.back_to == STARTER:
            return self.corrected(step)
        target = self.chain.step(step.back_to)
        name = target.name if target else "?"
        if step.to_me:
            return self.pick(
                "ถ้าไม่เห็นชอบกลับไป “%s” แล้วส่งตรงกลับมา",
                "a refusal goes back to “%s”, and from there straight here again",
                name,
            )
        return self.pick("ถ้าไม่เห็นชอบกลับไป “%s”", "a refusal goes back to “%s”", name)

    def corrected(self, step: Ask) -> str:
        if step.to_me:
            return self.pick(
                "ถ้าไม่เห็นชอบคืนผู้เริ่มเรื่องแก้ไข แล้วส่งตรงกลับมา",
                "a refusal goes back to whoever started it to be corrected, and from there straight"
                " here again",
            )
        return self.pick(
            "ถ้าไม่เห็นชอบคืนผู้เริ่มเรื่องแก้ไข แล้วเริ่มขั้นแรกใหม่",
            "a refusal goes back to whoever started it to be corrected, and then begins anew",
        )

    def choice(self, step: Ask) -> str:
        names = [self.target(one) for one in step.may]
        told = self.pick(
            "ถ้าไม่เห็นชอบ ผู้ทำเลือกเองจาก %s",
            "whoever refuses chooses from %s",
            self.joined(names, self.pick(" หรือ ", " or ")),
        )
        last = self.pick(" (หลายคนส่งคืน ใช้ของคนสุดท้าย)", " (of several, the last to send it back)")
        return told + last if step.how == "share" and step.ways_back else told

    def target(self, target: str) -> str:
        if target == END:
            return self.pick("ให้เรื่องจบ", "the end of the matter")
        if target == STARTER:
            return self.pick("คืนผู้เริ่มเรื่อง", "whoever started it")
        step = self.chain.step(target)
        return self.pick("คืน “%s”", "“%s”", step.name if step else "?")

    def inform(self, step: Inform) -> str:
        told = self.pick(
            "แจ้ง %s เพื่อทราบ เรื่องเดินต่อโดยไม่รอ",
            "Tells %s, and goes on without waiting",
            self.who(step.who),
        )
        unseen = self.fields("ไม่เห็น: %s", "does not see %s", step.hides)
        joint = ", " if self.english else " "
        parts = (told, self.acknowledged(step.due), self.nobody(step.who), unseen)
        return joint.join(part for part in parts if part)

    def acknowledged(self, due: Due | None) -> str:
        if due is None:
            return ""
        within = self.pick("ให้รับทราบภายใน %s", "to be acknowledged within %s", self.span(due.span))
        return self.then(within, due, LAPSES)

    def wait(self, step: Wait) -> str:
        if step.span is not None:
            return self.pick("รอ %s แล้วเดินต่อ", "Waits %s, then goes on", self.span(step.span))
        field = self.chain.field(step.until)
        return self.pick(
            "รอถึงวันที่ใน “%s”",
            "Waits until the day in “%s”",
            self.label(field) if field else step.until,
        )


def people_of(who: Who, chain: Chain, names: Callable[[str], str], english: bool) -> str:
    """Those whom a card means; the chain says what its steps and fields are called."""
    return _Speech(chain, names, english).who(who)


def how_of(step: Ask, chain: Chain, english: bool) -> str:
    """How those whom its card means share it; empty where it is one person's."""
    return _Speech(chain, str, english).how(step)


def target_of(target: str, chain: Chain, english: bool) -> str:
    """Where whoever refuses can send it, by END, STARTER or a step's id."""
    return _Speech(chain, str, english).target(target)


_VERBS: Mapping[AskKind, Pair] = {
    "approve": ("พิจารณาเห็นชอบ", "approves"),
    "proofread": ("ทานและแก้ไข", "proofreads"),
    "sign": ("ลงนามในหนังสือ", "signs the letter"),
    "consult": ("ให้ความเห็น", "gives an opinion"),
}


def condition_of(branch_condition: str, chain: Chain, english: bool) -> str:
    if not branch_condition:
        return "otherwise" if english else "นอกจากนั้น"
    said = read_said(branch_condition, chain)
    if said is not None:
        return told_answer(said, chain, english)
    return told(branch_condition, chain, english)
