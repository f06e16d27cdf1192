"""Commands of diagrams: each a frozen value and the handler that carries it out."""

from __future__ import annotations

from engine.bus import Handler
from office.modeling.commands import drafts, files, publishing, templates
from office.modeling.commands.drafts import (
    CopyModel,
    CreateModel,
    DiscardModel,
    ImportModel,
    OpenModel,
    SaveModel,
)
from office.modeling.commands.files import (
    AddModelFiles,
    BeginModelFile,
    ChangeRules,
    RemoveModelFile,
)
from office.modeling.commands.publishing import (
    PublishModel,
)
from office.modeling.commands.rows import RIGHT
from office.modeling.commands.templates import (
    BeginFromTemplate,
    KeepTemplate,
    RemoveTemplate,
    SaveTemplate,
)

__all__ = [
    "HANDLERS",
    "RIGHT",
    "AddModelFiles",
    "BeginFromTemplate",
    "BeginModelFile",
    "ChangeRules",
    "CopyModel",
    "CreateModel",
    "DiscardModel",
    "ImportModel",
    "KeepTemplate",
    "OpenModel",
    "PublishModel",
    "RemoveModelFile",
    "RemoveTemplate",
    "SaveModel",
    "SaveTemplate",
]

HANDLERS: dict[type, Handler] = {
    **drafts.HANDLERS,
    **files.HANDLERS,
    **publishing.HANDLERS,
    **templates.HANDLERS,
}
