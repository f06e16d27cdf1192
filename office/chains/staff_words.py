"""What is said before publishing of who would get each step: in Thai and in English."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

#: what comes of it at the step, by `staffing.Consequence`
CONSEQUENCES: Mapping[str, Pair] = {
    "stuck": (
        "วันนี้ไม่มีผู้ทำขั้นนี้ เรื่องจะค้างจนผู้ดูแลเรื่องแก้ให้",
        "Nobody can do this step today: the case would be stuck until operators mend it",
    ),
    "stuck_at": (
        "ทุกคนที่ระบุต้องทำ แต่วันนี้บางรายไม่มีผู้ทำ เรื่องจะค้าง",
        "Each of those named has to do it, and for some there is nobody today: the case would be"
        " stuck",
    ),
    "waits": (
        "ผู้ทำขั้นนี้ลาอยู่ทุกคน เรื่องจะรอจนมีผู้กลับมา",
        "Everybody who can do this step is on leave: the case would wait until somebody is back",
    ),
    "waits_at": (
        "ทุกคนที่ระบุต้องทำ แต่บางรายลาอยู่ เรื่องจะรอจนกลับมา",
        "Each of those named has to do it, and some are on leave: the case would wait for them",
    ),
    "passed": (
        "วันนี้ไม่มีผู้ทำขั้นนี้ เรื่องจะข้ามไป",
        "Nobody can do this step today: it would be passed",
    ),
    "handed": (
        "วันนี้ผู้ที่ระบุไว้ให้ทำแทนจะได้ทำ",
        "Today those named instead would do it",
    ),
    "left_out": (
        "บางรายที่ระบุไม่มีผู้ทำ เรื่องจะเดินต่อโดยไม่ถามรายนั้น",
        "For some of those named there is nobody: the case would go on without asking them",
    ),
    "others": (
        "บางรายที่ระบุไม่มีผู้ทำ ผู้อื่นที่ระบุไว้ยังทำได้",
        "For some of those named there is nobody; others who are named can do it",
    ),
    "instead": (
        "ถ้าถึงคราวที่ต้องทำแทน วันนี้ไม่มีผู้ทำแทน",
        "Should others have to do it instead, nobody could today",
    ),
    "nobody_starts": (
        "วันนี้ไม่มีผู้เริ่มเรื่องได้",
        "Nobody can start it today",
    ),
}  # fmt: skip

#: what the people of a step depend on, by `staffing.Depends`
DEPENDS: Mapping[str, Pair] = {
    "starter": ("ขึ้นกับผู้เริ่มเรื่อง", "Depends on who starts it"),
    "values": ("ขึ้นกับค่าในเรื่อง", "Depends on what the case says"),
    "performer": ("ขึ้นกับผู้ที่ทำขั้นก่อนหน้า", "Depends on who did an earlier step"),
    "appointed": ("ผู้ทำขั้นก่อนหน้าเป็นผู้เลือก", "Chosen by whoever does an earlier step"),
}
