"""An operator sends a message and tells facts by hand, and the history says that they did."""

from __future__ import annotations

from uuid import uuid4

AT = "/operations/messages"
BPMN = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
 xmlns:saraban="urn:saraban:bpmn:1.0" targetNamespace="urn:t">
 <bpmn:message id="m" name="{key}.paid"/>
 <bpmn:process id="{key}" name="รอชำระ" isExecutable="true">
 <bpmn:startEvent id="s"><bpmn:messageEventDefinition id="sm" messageRef="m"/></bpmn:startEvent>
 <bpmn:userTask id="do" name="ตรวจ"><bpmn:extensionElements>
 <saraban:assignment kind="unit" value="general"/></bpmn:extensionElements></bpmn:userTask>
 <bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="do"/>
 <bpmn:sequenceFlow id="g" sourceRef="do" targetRef="e"/></bpmn:process></bpmn:definitions>"""


def _history(office, kind):
    return office.get(f"/admin-history?type={kind}", as_="admin").json["items"]


def test_it_is_for_operators_alone(enter):
    assert enter("thotsop").open(AT).status == 403
    assert AT in enter("admin").open("/operations").links()


def test_who_administers_a_process_reaches_its_cases_alone(office, enter):
    mine, other = f"mine-{uuid4().hex[:8]}", f"other-{uuid4().hex[:8]}"
    for key in (mine, other):
        office.deploy({"a.bpmn": BPMN.format(key=key).encode()})
    grant = {"process": mine, "matter": "administer", "principal": "person:faem"}
    made = office.post("/permissions/grants", grant, as_="admin").json
    keeper = enter("faem")
    assert AT in keeper.open("/instances").links()
    page = keeper.open(AT)
    assert page.tree.xpath("//datalist/option/@value") == [f"{mine}.paid"]
    assert "hours" not in page.form(AT).names()
    for key, status in ((mine, 200), (other, 404)):
        body = {"name": f"{key}.paid", "correlation_key": "ก"}
        assert office.post("/messages", body, as_="faem").status_code == status
        sent = page.form(AT).send(**(body | {"correlation_key": "ข"}))
        assert sent.path.startswith("/instances/") == (key == mine), sent.text
    assert "กระบวนการที่ท่านดูแลรอข้อความนี้" in sent.error("correlation_key-message")
    assert office.post("/messages", body | {"ttl": "PT1H"}, as_="faem").status_code == 403
    by = {one["data"]["message_name"] for one in _history(office, "message.sent")}
    assert (f"{mine}.paid" in by, f"{other}.paid" in by) == (True, False)
    facts = office.post("/conditions", {"variables": {"x": 1}}, as_="faem")
    assert (facts.status_code, facts.json) == (200, {"conditions": []})
    office.call("DELETE", f"/permissions/grants/{made['id']}", as_="admin")
    assert keeper.open(AT).status == 403
    assert office.post("/conditions", {"variables": {"x": 1}}, as_="faem").status_code == 403


def test_a_message_is_sent_by_hand(office, enter):
    key = f"paid-{uuid4().hex[:8]}"
    office.deploy({"a.bpmn": BPMN.format(key=key).encode()})
    admin, name = enter("admin"), f"{key}.paid"
    page = admin.open(AT)
    assert name in page.tree.xpath("//datalist/option/@value")
    given = {"name": name, "correlation_key": "ค-๑"}
    broken = page.form(AT).send(**given, variables='{"amount": 5,\n "by" 3}')
    assert broken.status == 422
    assert "บรรทัด 2" in broken.error("variables-message")
    assert broken.form(AT).values()["correlation_key"] == ["ค-๑"]
    assert page.form(AT).send(**given, variables="[1]").error("variables-message")
    assert page.form(AT).send(**given, hours="9999").error("hours-message")
    lost = page.form(AT).send(name="nobody.hears", correlation_key="x")
    assert (lost.status, lost.error("correlation_key-message") != "") == (404, True)
    assert page.form(AT).send(name="", correlation_key="x").error("name-message")
    kept = page.form(AT).send(name="nobody.hears", correlation_key="x", hours="2")
    assert "เก็บไว้ให้แล้ว" in kept.response.text
    sent = page.form(AT).send(**given, variables='{"amount": 12.50}')
    assert sent.path.startswith("/instances/"), sent.text
    case = sent.path.rpartition("/")[2]
    found = office.get(f"/process-instances/{case}", as_="admin").json
    assert found["business_key"] == "ค-๑"
    told = _history(office, "message.sent")
    assert [one["data"]["message_name"] for one in told[:2]] == [name, "nobody.hears"]
    assert (told[0]["actor"], told[0]["data"]["instance"]) == ("admin", case)
    assert told[0]["data"]["variable_names"] == "amount"
    assert "12.5" not in str(told[0])
    # other systems' messages are in the cases that they reach
    body = {"name": name, "correlation_key": "ค-๒"}
    assert office.post("/messages", body, as_="admin").status_code == 200
    assert len(_history(office, "message.sent")) == len(told)


def test_facts_are_told_by_hand(office, enter):
    form = enter("admin").open(AT).form(f"{AT}/facts")
    assert form.send(variables="").error("variables-facts")
    page = form.send(variables='{"nobody_asks_this": true}')
    assert (page.status, "ไม่มีเงื่อนไขเริ่มเรื่องใด" in page.text) == (200, True)
    told = _history(office, "facts.told")
    assert (told[0]["actor"], told[0]["data"]["variable_names"]) == ("admin", "nobody_asks_this")
