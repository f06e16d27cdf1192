"""A second, small agency beside the ministry: neither must ever see anything of the other."""

from __future__ import annotations

from office.demo.shapes import Official, Organization, Post, Unit

# fmt: off
NEIGHBOUR = Organization(
    code="phueanban",
    name="องค์การบริหารส่วนตำบลเพื่อนบ้าน",
    name_en="Phueanban Subdistrict Administration",
    mail_domain="phueanban.example.go.th",
    units=(
        Unit("office", "department", "องค์การบริหารส่วนตำบลเพื่อนบ้าน",
             "Phueanban Subdistrict Administration", None, "พบ 7100", "0 4999 0000",
             "saraban@phueanban.example.go.th", "1 หมู่ 1 ตำบลเพื่อนบ้าน อำเภอเมืองเพื่อนบ้าน 98000"),
    ),
    posts=(
        Post("clerk-of-council", "ปลัดองค์การบริหารส่วนตำบลเพื่อนบ้าน", "Chief administrator",
             "office", "head"),
        Post("office-head", "หัวหน้าสำนักปลัด", "Head of office", "office", "division",
             "clerk-of-council"),
        Post("office-clerk", "เจ้าพนักงานธุรการปฏิบัติงาน", "Clerk", "office", "officer",
             "office-head"),
    ),
    officials=(
        Official("tambon", "นาย", "ตำบล", "เข้มแข็ง", "Mr Tambon Khemkhaeng",
                 ("clerk-of-council",), ("admin",), pin="715462",
                 part="หน่วยงานที่สอง: ผู้ดูแลระบบและผู้ลงนาม"),
        Official("samnak", "นาง", "สำนัก", "ปลัดดี", "Mrs Samnak Paladdee", ("office-head",)),
        Official("muban", "นางสาว", "หมู่บ้าน", "ร่มเย็น", "Miss Muban Romyen", ("office-clerk",),
                 part="หน่วยงานที่สอง: ผู้ร่าง"),
    ),
)
# fmt: on
