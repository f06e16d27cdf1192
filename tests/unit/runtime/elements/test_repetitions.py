"""Standard loops and multi-instance activities."""

from __future__ import annotations

import pytest
from support.diagrams import again, bpmn, each, element, end, path, process, start, times, user
from support.walking import NoForms, Walk, compiled

from engine import runtime
from engine.errors import Conflict
from engine.runtime import limits


def repeated(loop: str, *more: str, **variables: object) -> Walk:
    model = bpmn(process("p", start("s"), user("r", loop), end("e"), path("s", "r", "e"), *more))
    return Walk(compiled(model), variables=variables)


def rounds(walk: Walk) -> int:
    count = 0
    while walk.open:
        walk.complete("r")
        count += 1
    assert walk.done
    return count


def test_standard_loop_characteristics_go_on_while_the_condition_holds():
    walk = repeated(again("n < 2"))
    assert walk.complete("r", n=1).open == ["r"]
    assert walk.complete("r", n=2).done
    assert rounds(repeated(again("loopCounter < 3"))) == 3


def test_standard_loop_test_before_may_not_run_at_all():
    assert rounds(repeated(again("n < 2", before=True), n=2)) == 0
    assert repeated(again("n < 2", before=True), n=1).open == ["r"]


def test_standard_loop_test_before_counts_from_nought():
    assert rounds(repeated(again("loopCounter < 3", before=True))) == 3


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("maximum", [0, 1, 3])
def test_standard_loop_maximum_is_a_cap(maximum: int, before: bool):
    assert rounds(repeated(again("true", before=before, maximum=maximum))) == maximum
    assert rounds(repeated(again(before=before, maximum=maximum))) == maximum


def test_standard_loop_maximum_that_is_no_number_is_refused():
    loop = again("true").replace("Characteristics>", 'Characteristics loopMaximum="=n">', 1)
    model = bpmn(process("p", start("s"), user("r", loop), path("s", "r")))
    found = runtime.check({"m.bpmn": model}, actions={}, forms=NoForms())
    assert ("limit_iterations", "r", "loopMaximum") in [
        (p.code, p.element, p.attribute) for p in found if p.severity == "error"
    ]


def test_multi_instance_parallel_begins_all_at_once():
    walk = repeated(each("who", "one"), who=["x", "y"])
    assert [dict(t.local) for t in walk.tasks.values()] == [
        {"one": "x", "loopCounter": 1}, {"one": "y", "loopCounter": 2},
    ]  # fmt: skip
    assert walk.complete("r", nth=1).complete("r").done


def test_multi_instance_sequential_begins_one_after_the_other():
    walk = repeated(each("who", "one", sequential=True), who=["x", "y"])
    assert [dict(t.local)["one"] for t in walk.tasks.values()] == ["x"]
    walk.complete("r")
    assert [dict(t.local)["one"] for t in walk.tasks.values()] == ["y"]
    assert walk.complete("r").done


@pytest.mark.parametrize("sequential", [True, False])
def test_multi_instance_loop_cardinality(sequential: bool):
    assert rounds(repeated(times("n + 1", sequential=sequential), n=2)) == 3
    assert rounds(repeated(times("n", sequential=sequential), n=0)) == 0


@pytest.mark.parametrize("sequential", [True, False])
def test_multi_instance_loop_data_collects_in_the_order_of_the_items(sequential: bool):
    loop = each("who", "one", sequential=sequential, collect=("votes", "vote"))
    walk = repeated(loop, who=["x", "y"])
    walk.complete("r", nth=len(walk.open) - 1, vote=2 - sequential)
    walk.complete("r", vote=1 + sequential)
    assert walk.variables["votes"] == [1, 2]


def test_multi_instance_completion_condition_in_parallel_ends_the_others():
    loop = each("who", "one", collect=("votes", "vote"), until='vote = "no"')
    walk = repeated(loop, who=[1, 2, 3])
    assert walk.complete("r", vote="yes").open == ["r", "r"]
    assert walk.complete("r", vote="no").done
    assert (walk.closed, walk.variables["votes"]) == (["r"], ["yes", "no"])


def test_multi_instance_completion_condition_in_sequence_leaves_the_rest_out():
    loop = each("who", "one", sequential=True, collect=("votes", "vote"),
                until='vote = "no" or numberOfCompletedInstances = 3')  # fmt: skip
    walk = repeated(loop, who=[1, 2, 3, 4])
    assert walk.complete("r", vote="yes").open == ["r"]
    assert walk.complete("r", vote="no").done
    assert walk.variables["votes"] == ["yes", "no"]


@pytest.mark.parametrize("sequential", [True, False])
def test_multi_instance_takes_its_list_when_it_begins(sequential: bool):
    """Setting the variable is for the next round; `change_list` changes the one that runs."""
    walk = repeated(each("who", "one", sequential=sequential), who=["x", "y"])
    walk.set(who=["x", "y", "z"])
    assert rounds(walk) == 2
    walk = repeated(each("who", "one", sequential=sequential), who=["x", "y"]).set(who=[])
    assert rounds(walk) == 2


def ones(walk: Walk) -> list[object]:
    return [dict(task.local)["one"] for task in walk.tasks.values()]


def test_multi_instance_parallel_takes_one_more_while_it_runs():
    walk = repeated(each("who", "one", collect=("votes", "vote")), who=["x", "y"])
    walk.complete("r", vote=1).change_list("r", add=["z"])
    assert ones(walk) == ["y", "z"]
    assert [dict(task.local)["loopCounter"] for task in walk.tasks.values()] == [2, 3]
    assert walk.variables["who"] == ["x", "y", "z"]
    assert walk.complete("r", nth=1, vote=3).complete("r", vote=2).done
    assert walk.variables["votes"] == [1, 2, 3]


def test_multi_instance_sequential_takes_one_more_at_the_end():
    walk = repeated(each("who", "one", sequential=True, collect=("votes", "vote")), who=["x", "y"])
    assert ones(walk.change_list("r", add=["z"])) == ["x"]
    assert ones(walk.complete("r", vote=1)) == ["y"]
    assert ones(walk.complete("r", vote=2)) == ["z"]
    assert walk.complete("r", vote=3).done
    assert walk.variables["votes"] == [1, 2, 3]


def test_multi_instance_parallel_goes_on_without_who_is_withdrawn():
    walk = repeated(each("who", "one", collect=("votes", "vote")), who=["x", "y", "z"])
    walk.change_list("r", withdraw=["y"])
    assert (ones(walk), walk.closed, walk.last.closed[0].reason) == (["x", "z"], ["r"], "withdrawn")
    walk.change_list("r", add=["w"])
    assert [dict(task.local)["loopCounter"] for task in walk.tasks.values()] == [1, 3, 4]
    walk.complete("r", vote=1).complete("r", vote=3).complete("r", vote=4)
    assert (walk.done, walk.variables["votes"]) == (True, [1, 3, 4])


def test_multi_instance_ends_when_all_who_were_left_are_withdrawn():
    walk = repeated(each("who", "one", collect=("votes", "vote")), who=["x", "y"])
    walk.complete("r", vote=1).change_list("r", withdraw=["y"])
    assert (walk.done, walk.variables["votes"]) == (True, [1])


def test_multi_instance_sequential_goes_on_without_who_is_withdrawn():
    loop = each("who", "one", sequential=True, collect=("votes", "vote"))
    walk = repeated(loop, who=["x", "y", "z"])
    assert ones(walk.change_list("r", withdraw=["y"])) == ["x"]  # whose turn had not come
    assert ones(walk.change_list("r", withdraw=["x"])) == ["z"]
    assert walk.variables["who"] == ["z"]
    assert walk.complete("r", vote=3).done
    assert walk.variables["votes"] == [3]


def test_multi_instance_replaces_its_only_one():
    walk = repeated(each("who", "one"), who=["x"])
    assert ones(walk.change_list("r", add=["y"], withdraw=["x"])) == ["y"]
    assert walk.complete("r").done


def test_multi_instance_counters_follow_the_list():
    until = "numberOfCompletedInstances / numberOfInstances >= 0.5"
    walk = repeated(each("who", "one", until=until), who=[1, 2])
    walk.change_list("r", add=[3, 4])
    assert walk.complete("r").open == ["r"] * 3
    assert walk.complete("r").done


@pytest.mark.parametrize("sequential", [True, False])
def test_multi_instance_list_of_several_levels_changes_where_the_task_is(sequential: bool):
    inner = element("subProcess", "sub", start("i"), user("r", each("part", "one")), end("j"),
                    path("i", "r", "j"), each("parts", "part", sequential=sequential))  # fmt: skip
    model = bpmn(process("p", start("s"), inner, end("e"), path("s", "sub", "e")))
    walk = Walk(compiled(model), variables={"parts": [["x"], ["y"]]})
    walk.change_list("r", add=["z"])
    assert ones(walk)[: 2 - sequential] == (["x", "y"] if not sequential else ["x"])
    assert sorted(ones(walk)) == (["x", "z"] if sequential else ["x", "y", "z"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"withdraw": ["nobody"]}, "not_in_list"),
        ({"withdraw": ["x", "y"]}, "last_in_list"),
        ({"withdraw": ["x", "x"]}, "not_in_list"),
    ],
)
@pytest.mark.parametrize("sequential", [True, False])
def test_multi_instance_refuses_what_its_list_does_not_hold(
    change: dict[str, list[str]], code: str, sequential: bool
):
    walk = repeated(each("who", "one", sequential=sequential), who=["x", "y"])
    with pytest.raises(Conflict) as refused:
        walk.change_list("r", **change)
    assert refused.value.code == code
    assert rounds(walk) == 2


def test_multi_instance_list_changes_only_where_one_is_gone_through():
    walk = repeated(times("2"))
    with pytest.raises(Conflict) as refused:
        walk.change_list("r", add=["x"])
    assert refused.value.code == "no_list"


@pytest.mark.parametrize("sequential", [True, False])
def test_multi_instance_list_has_a_cap_while_it_runs(sequential: bool):
    walk = repeated(each("who", "one", sequential=sequential), who=[1])
    with pytest.raises(Conflict) as refused:
        walk.change_list("r", add=[0] * limits.ITERATIONS)
    assert refused.value.code == "list_too_long"


def test_multi_instance_with_one_who_withdraws_goes_on_with_the_others():
    enough = 'count(votes[item = "yes"]) = count(votes[item != "withdrawn"]) and count(votes) = 3'
    walk = repeated(each("who", "one", collect=("votes", "vote"), until=enough), who=[1, 2, 3])
    walk.complete("r", vote="withdrawn").complete("r", vote="yes").complete("r", vote="yes")
    assert (walk.done, walk.troubles) == (True, [])


def test_multi_instance_may_name_its_data_by_id():
    """As the standard does: the list is a data input, the output a data object."""
    data = (element("dataObject", "D1", name="who"), element("dataObject", "D2", name="votes"))
    loop = each("D1", "one", collect=("D2", "vote"))
    walk = repeated(loop, *data, who=[1])
    assert walk.complete("r", vote=5).variables == {"who": [1], "votes": [5]}
