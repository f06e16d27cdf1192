"""What people do with their tasks: a file for each verb, the commands gathered here."""

from __future__ import annotations

from engine.bus import Handler
from engine.commands.tasks.change_list import ChangeList, change_list
from engine.commands.tasks.claim import ClaimTask, UnclaimTask, claim_task, unclaim_task
from engine.commands.tasks.comment import CommentTask, OpenTask, comment_task, open_task
from engine.commands.tasks.complete import (
    CONFIRM,
    ActPerformed,
    CheckCompletion,
    CompleteTask,
    check_completion,
    complete_task,
)
from engine.commands.tasks.hand_over import (
    DelegateTask,
    ReassignTask,
    delegate_task,
    reassign_task,
)
from engine.commands.tasks.send_back import ReturnTask, return_task

HANDLERS: dict[type, Handler] = {
    ClaimTask: claim_task,
    UnclaimTask: unclaim_task,
    CompleteTask: complete_task,
    CheckCompletion: check_completion,
    ReturnTask: return_task,
    DelegateTask: delegate_task,
    ReassignTask: reassign_task,
    ChangeList: change_list,
    CommentTask: comment_task,
    OpenTask: open_task,
}

__all__ = [
    "CONFIRM",
    "HANDLERS",
    "ActPerformed",
    "ChangeList",
    "CheckCompletion",
    "ClaimTask",
    "CommentTask",
    "CompleteTask",
    "DelegateTask",
    "OpenTask",
    "ReassignTask",
    "ReturnTask",
    "UnclaimTask",
]
