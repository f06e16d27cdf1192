"""What is told of a case that is only thought of: in Thai and in English."""

from __future__ import annotations

from collections.abc import Mapping

from office.foreseen.values import Warned

Pair = tuple[str, str]

#: warnings whose detail is a day, as ISO text
DAYS = frozenset({"past", "past_by_then", "due_past", "due_past_by_then"})

#: by `values.Warned.code`
WARNINGS: Mapping[str, Pair] = {
    "nobody": (
        "ไม่มีผู้ทำได้ในวันนี้ เรื่องจะค้าง เลือกผู้อื่นให้ขั้นนี้ หรือตั้งคนในตำแหน่งหรือบทบาทก่อน",
        "Nobody can do it today: the case would be stuck. Choose others for the step, or appoint"
        " somebody to the position or role first",
    ),
    "uncleared": (
        "ไม่ได้รับอนุญาตให้เข้าถึงชั้นความลับที่ลอง: %s งานจะไม่ถึงคนเหล่านี้ ให้ผู้ดูแลคนบันทึกการอนุญาตตามคำสั่งก่อน",
        "Not cleared for the secrecy that is tried: %s. The task would not reach them: have a"
        " clearance recorded by order first",
    ),
    "nobody_cleared": (
        "ไม่มีผู้ทำที่ได้รับอนุญาตให้เข้าถึงชั้นความลับที่ลอง: %s เรื่องจะค้าง"
        " ให้ผู้ดูแลคนบันทึกการอนุญาตตามคำสั่งก่อน หรือเลือกผู้อื่นให้ขั้นนี้",
        "Nobody who can do it is cleared for the secrecy that is tried: %s. The case would be"
        " stuck: have a clearance recorded by order first, or choose others for the step",
    ),
    "starter_uncleared": (
        "%s ไม่ได้รับอนุญาตให้เข้าถึงชั้นความลับที่ลอง จึงเริ่มร่างหนังสือชั้นนี้ไม่ได้",
        "%s is not cleared for the secrecy that is tried, so they cannot draft such a letter",
    ),
    "may_not_start": (
        "%s เริ่มเรื่องนี้ไม่ได้ เพราะไม่มีบทบาทที่เริ่มได้ ไม่ได้รับสิทธิเริ่มกระบวนการนี้ และไม่มีสิทธิทุกอย่าง",
        "%s cannot start it: they hold neither the role that may, nor a grant of this process, nor"
        " the right to everything",
    ),
    "nobody_may_start": (
        "ไม่มีผู้มีบทบาทที่เริ่มเรื่องได้ (%s) ในวันนี้ ตั้งคนในบทบาทนี้ก่อน หรือเลือกบทบาทอื่น",
        "Nobody holds the role that may start it (%s) today: appoint somebody to it first, or"
        " choose another role",
    ),
    "passed": ("ไม่มีผู้ทำได้ในวันนี้ เรื่องจะข้ามขั้นนี้", "Nobody can do it today: the step would be passed"),
    "left_out": (
        "ผู้ที่ระบุบางรายทำไม่ได้ในวันนี้: %s ตั้งคนในตำแหน่งหรือบทบาทก่อน หรือเลือกผู้อื่นให้ขั้นนี้",
        "Some of those named cannot do it today: %s. Appoint somebody first, or choose others for"
        " the step",
    ),
    "handed": (
        "ไม่มีผู้ทำตามที่ระบุในวันนี้ ผู้ที่ระบุไว้แทนจะได้ทำ",
        "Nobody of those can do it today: those named instead would",
    ),
    "own_stuck": (
        "%s เป็นผู้เริ่มเรื่องเองและไม่มีผู้อื่นทำได้ เรื่องจะหยุดรอผู้ดูแล",
        "%s started it and nobody else can do it: the case would stop and wait for the operators",
    ),
    "own_passed": (
        "%s เป็นผู้เริ่มเรื่องเอง เรื่องจะเดินต่อโดยไม่ถาม",
        "%s started it: the case would go on without asking them",
    ),
    "own_handed": (
        "%s เป็นผู้เริ่มเรื่องเอง ผู้ที่ขั้นนี้ให้ทำแทนจะได้ทำ",
        "%s started it: whoever the step names instead does it",
    ),
    "away": (
        "%s ลาอยู่ และไม่มีผู้แทน บันทึกผู้ทำแทนที่ “การลา” หรือเพิ่มผู้อื่นให้ขั้นนี้",
        "%s is on leave, and nobody acts for them: record who does under “Leave”, or add others to"
        " the step",
    ),
    "waits_person": (
        "ขั้นนี้รอคำตอบของ %s เป็นรายบุคคล ผู้อื่นทำแทนไม่ได้ เรื่องจะรอจนกลับมา"
        " ระบุตำแหน่งซึ่งมีผู้ทำแทนได้ หรือเลือกผู้อื่นให้ขั้นนี้",
        "The step waits for %s in person, and nobody else can answer: the case would wait for them."
        " Name the position, for which others stand in, or choose others for the step",
    ),
    "waits_post": (
        "ขั้นนี้รอคำตอบของ %s และไม่มีผู้ทำแทน เรื่องจะรอจนกลับมา บันทึกผู้ทำแทนที่ “การลา” หรือเลือกผู้อื่นให้ขั้นนี้",
        "The step waits for %s, and nobody acts for them: the case would wait until they are back."
        " Record who does under “Leave”, or choose others for the step",
    ),
    "unprovable": (
        "ขั้นนี้ต้องยืนยันตัวตน แต่ %s ยังไม่มีรหัสจากแอปหรือพาสคีย์ จึงยังตอบไม่ได้ ให้ตั้งที่หน้า “บัญชีของฉัน” ก่อน",
        "The step asks people to prove who they are, but %s have neither an app's codes nor a"
        " passkey and cannot answer yet: have them set one up under “My account” first",
    ),
    "conflict": (
        "%s ทำได้ แต่ขั้นนี้ห้ามไว้ เพราะเริ่มเรื่องเอง ทำขั้นที่ห้ามซ้ำคน หรือถูกระบุว่าห้ามทำ เลือกผู้อื่นให้ขั้นนี้",
        "%s could do it, but may not here: they started it, do a step whose performers are kept"
        " away, or are named as kept away. Choose others for the step",
    ),
    "conflict_if": (
        "ผู้ที่ทำขั้นนี้ได้มีคนเดียว ถ้าทำขั้น “%s” ไปก่อน ขั้นนี้จะไม่มีผู้ทำ เพิ่มผู้อื่นให้ขั้นนี้",
        "Only one person can do it, and nobody could if that person did “%s” first: add others to"
        " the step",
    ),
    "past": (
        "วันที่รอถึง (%s) มาถึงแล้ว ขั้นนี้ไม่รอ",
        "The day until which it waits (%s) has come: it does not wait",
    ),
    "past_by_then": (
        "วันที่รอถึง (%s) อาจผ่านไปก่อนเรื่องมาถึง ถ้าทุกขั้นใช้เวลาจนครบกำหนด",
        "The day until which it waits (%s) may be past when the case gets here, if each step takes"
        " all its time",
    ),
    "due_past": (
        "กำหนดเวลาของขั้นนี้ (%s) ผ่านไปแล้ว งานจะเกินกำหนดตั้งแต่มาถึง",
        "The deadline of this step (%s) has passed: it would be overdue when it arrives",
    ),
    "due_past_by_then": (
        "กำหนดเวลาของขั้นนี้ (%s) อาจผ่านไปก่อนเรื่องมาถึง ถ้าทุกขั้นใช้เวลาจนครบกำหนด",
        "The deadline of this step (%s) may have passed when the case gets here, if each step takes"
        " all its time",
    ),
    "once": (
        "%s ทำไว้แล้วก่อนหน้านี้ ขั้นนี้จึงผ่านเอง เว้นแต่เรื่องถูกส่งคืนหรือมีผู้อื่นแก้หลังจากนั้น",
        "%s has done as much before, so the step passes by itself, unless it is sent back or"
        " changed by another since",
    ),
    "starter": ("คนเดียวกับผู้เริ่มเรื่อง", "The same person as whoever started it"),
    "same": ("คนเดียวกับขั้น “%s”", "The same person as in “%s”"),
    "way_never": (
        "ไม่มีเรื่องใดไปทาง “%s” เพราะเงื่อนไขก่อนหน้าตรงแทนทุกกรณี หรือขัดกันเอง แก้เงื่อนไข ย้ายขึ้นก่อน หรือลบทางนี้",
        "No case takes the way “%s”: conditions before it hold instead, or contradict it. Change"
        " the condition, move it up, or remove the way",
    ),
    "unreached": (
        "ไม่มีเรื่องใดไปถึงขั้นนี้ เพราะทุกทางที่นำมามีเงื่อนไขที่ไม่มีวันตรง แก้เงื่อนไขของทางเหล่านั้น",
        "No case reaches this step: the conditions of all ways to it can never hold. Change those"
        " conditions",
    ),
    "unclear_way": (
        "ยังบอกไม่ได้ว่าเงื่อนไขของทาง “%s” ตรงหรือไม่ เรื่องจริงจะค้างที่นี่ (การลองการ์ดเดินต่อตามทางสุดท้าย)",
        "It cannot be told whether the condition of the way “%s” holds: a real case would be stuck"
        " here (a trial of cards goes on along the last way)",
    ),
    "unclear_table": ("ตารางยังตอบไม่ได้จากค่าที่ลอง", "The table has no answer to these values"),
    "unclear_who": (
        "นิพจน์ที่ระบุผู้ทำยังไม่ให้คำตอบ",
        "The expression that says who does it gives no answer",
    ),
    "field_empty": (
        "ช่อง “%s” ซึ่งระบุผู้ทำยังไม่มีค่า",
        "The field “%s”, which says who does it, has no value",
    ),
    "not_chosen": ("ยังไม่เลือกผู้ทำขั้น “%s”", "Nobody is chosen yet to do “%s”"),
    "no_process": (
        "ยังไม่มีกระบวนการ “%s” ที่เผยแพร่แล้ว เผยแพร่ก่อน หรือเลือกกระบวนการอื่นในการ์ด",
        "There is no published process “%s”: publish it first, or choose another in the card",
    ),
    "not_cards": (
        "กระบวนการนี้ออกแบบเป็นผังที่การ์ดบอกไม่ได้ (ที่ “%s”) จึงไม่ได้ลองข้างใน ลองเดินได้ในตัวออกแบบ",
        "Cards cannot say this process (at “%s”), so it is not tried within: play it in the"
        " designer",
    ),
    "circle": (
        "“%s” เรียกกันเป็นวง เรื่องจะไม่จบ เลือกกระบวนการอื่นในการ์ด",
        "“%s” is called in a ring, so that a case would not end: choose another process in the"
        " card",
    ),
    "too_deep": (
        "กระบวนการย่อยซ้อนกันเกิน %s ชั้น ไม่ได้ลองข้างใน",
        "Sub-routes lie more than %s deep: it is not tried within",
    ),
    "too_long": (
        "กระบวนการย่อยทั้งหมดมีการ์ดเกิน %s ใบ ไม่ได้ลองข้างใน",
        "All sub-routes have more than %s cards: it is not tried within",
    ),
}

#: added to a warning: the field for want of which it cannot be told
MISSING: Pair = ("ช่อง “%s” ยังไม่มีค่า", "the field “%s” has no value")


def absent(names: str, until: str, acting: str) -> Pair:
    """Who is on leave until which day, and who acts for a post of theirs meanwhile, if anybody."""
    lent = (
        (f" มี {acting} ทำแทนในตำแหน่ง", f"; {acting} acts in the position") if acting else ("", "")
    )
    return f"{names} (ลาถึง {until}{lent[0]})", f"{names} (on leave until {until}{lent[1]})"


def told(warned: Warned, detail: str, until: str = "", acting: str = "") -> Pair:
    """The warning, with its detail, its day and who acts in the words of whoever shows it."""
    pair = WARNINGS[warned.code]
    details = absent(detail, until, acting) if warned.until is not None else (detail, detail)
    thai, english = (
        text % each if "%s" in text else text for text, each in zip(pair, details, strict=True)
    )
    return thai, english


def because(warned: Warned, why: Pair) -> Pair:
    """Why it cannot be told, if that is so; `why` is what FEEL says."""
    return (MISSING[0] % warned.missing, MISSING[1] % warned.missing) if warned.missing else why
