"""What every place has in common: tokens arrive, work, depart along flows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.runtime.diagram import Node
from engine.runtime.errors import Stuck
from engine.runtime.formulas import Formula
from engine.runtime.tokens import Task
from engine.runtime.values import Surroundings

if TYPE_CHECKING:
    from engine.runtime.places.loops import Loop

#: What a waiting token waits for.
Waiting = Literal["task", "job", "timer", "message", "signal", "other"]


@dataclass(frozen=True, slots=True)
class Route:
    """A flow out of a place. `flow` is None for the way a link event jumps."""

    flow: str | None
    target: Place
    condition: Formula | None = None
    default: bool = False


# SpiffWorkflow ships no types, so its classes are Any to the type checker.
class Place(BpmnTaskSpec):  # type: ignore[misc]
    """A node of the diagram. Spiff calls the underscored hooks; places override the others."""

    #: whether it is a process of its own with variables of its own
    opens_scope: ClassVar[bool] = False
    waits_for: ClassVar[Waiting | None] = None
    #: joins need to know by which flow a token came
    counts_arrivals: ClassVar[bool] = False

    def __init__(self, spec: Any, name: str, node: Node) -> None:
        super().__init__(spec, name, bpmn_name=node.name)
        self.process_spec = spec
        self.node = node
        self.routes: Sequence[Route] = ()
        #: boundary events to set up while the activity lives
        self.guards: Sequence[Place] = ()
        #: the loop whose iterations run here
        self.loop: Loop | None = None

    # -- what places say ----------------------------------------------------------------------

    def arrive(self, token: Task) -> bool:  # noqa: ARG002 - most places look at it
        """A token has come. True: it can work at once; False: it waits."""
        return True

    def work(self, token: Task) -> bool:  # noqa: ARG002 - most places look at it
        """Do what the place does. False: the token is no longer here."""
        return True

    def choose(self, token: Task) -> Sequence[Route]:
        """Uncontrolled flow: all ways, of those with a condition the ones that hold.

        The default is taken where no condition holds.
        """
        if all(route.condition is None for route in self.routes):
            return self.routes
        context = token.workflow.variables.context(token)
        around = token.workflow.around
        taken = [r for r in self.routes if not r.default and holds(r, context, around)]
        if any(route.condition is not None for route in taken):
            return taken
        return taken + [route for route in self.routes if route.default] or self.no_way()

    def no_way(self) -> Sequence[Route]:
        raise Stuck(
            "no_flow",
            f"Expected a way out of “{self.node.name or self.node.id}”, but no condition holds "
            "and there is no default flow.",
        )

    def home(self, token: Task) -> Task:
        """The container in which the token's successors go on."""
        return token.parent

    def anchor(self, token: Task) -> Task:
        """The token whose variables this one sees."""
        return token

    def cancelled(self, token: Task) -> None:
        """The token is taken away without having finished."""

    # -- shared ways --------------------------------------------------------------------------

    def finish(self, token: Task) -> None:
        """Choose the ways out; what can fail fails here, before anything has moved."""
        if self.loop is not None:
            self.loop.judge(token)
        else:
            token.internal_data["taken"] = self.choose(token)

    def depart(self, token: Task) -> None:
        instance = token.workflow
        if self.loop is not None:
            self.loop.iterated(token)
            return
        home, taken = self.home(token), token.internal_data.pop("taken")
        instance.completed_step(self, token)
        instance.remove(token)
        instance.follow(taken, home)

    # -- what Spiff calls ---------------------------------------------------------------------

    def _predict(self, my_task: Task, *_: Any, **__: Any) -> None:
        """Nothing is predicted: the tree holds what is, not what may come."""

    def test(self) -> None:
        """The linter has looked already."""

    def _update_hook(self, my_task: Task) -> bool:
        return self.arrive(my_task)

    def _on_ready_hook(self, my_task: Task) -> None:
        if not self.manual:
            my_task.workflow.schedule("run", my_task)

    def _run_hook(self, my_task: Task) -> bool | None:
        """A token that got stuck while choosing its way does not work a second time, and its
        boundary events are over.
        """
        if "worked" not in my_task.internal_data:
            if not self.work(my_task):
                return None
            my_task.internal_data["worked"] = 1
            for guard in my_task.children:
                my_task.workflow.remove(guard)
        self.finish(my_task)
        return True

    def _on_complete(self, my_task: Task) -> None:
        self.depart(my_task)


def holds(route: Route, context: Any, around: Surroundings) -> bool:
    return route.condition is None or route.condition.truth(context, around)
