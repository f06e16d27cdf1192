"""Several pools in one file, each executed: they talk by messages, as the diagram draws it."""

from __future__ import annotations

from support.builders import Case, Works
from support.diagrams import (
    assigned,
    bpmn,
    catch,
    element,
    end,
    message,
    on,
    path,
    process,
    start,
    throw,
    user,
)

from engine.models.instance import process_instance

CLIENT = process("client", start("s"), throw("ask", on("message", "Ask")),
                 catch("hear", on("message", "Answer")), user("read"), end("e"),
                 path("s", "ask", "hear", "read", "e"))  # fmt: skip
OFFICE = process("office", start("asked", on("message", "Ask")),
                 user("work", extensions=assigned("role", "officer")),
                 end("tell", on("message", "Answer")), path("asked", "work", "tell"))  # fmt: skip
POOLS = element(
    "collaboration", "between",
    element("participant", "P1", processRef="client"),
    element("participant", "P2", processRef="office"),
    element("messageFlow", "question", sourceRef="ask", targetRef="asked"),
    element("messageFlow", "answer", sourceRef="tell", targetRef="hear"),
)  # fmt: skip


def test_collaboration_of_two_executable_pools(works: Works) -> None:
    """The question starts the office's process under the client's business key."""
    works.deploy(bpmn(message("Ask"), message("Answer"), POOLS, CLIENT, OFFICE))
    clients = [works.start("client", business_key=key) for key in ("case-1", "case-2")]
    works.work_off()
    rows = {row.business_key: row.id for row in works.rows(process_instance)
            if row.id not in {client.id for client in clients}}  # fmt: skip
    assert sorted(rows) == ["case-1", "case-2"]
    assert [client.open() for client in clients] == [[], []]
    office = Case(works, rows["case-2"], {})
    office.task("work").complete(n=2)
    works.work_off()
    assert office.status == "completed"
    assert [client.open() for client in clients] == [[], ["read"]]
