"""A consistent copy of everything in one file, and a restore that gives nothing out twice.

`backup` reads the rows in one snapshot, then the files that they name; `restore` writes them into
an empty database of either dialect and leaves it in quarantine; `fence` shuts the world before out.
The installation's secret is never in a backup: keep it apart, or second factors are lost.
"""

from __future__ import annotations

from api.backup.archive import Damaged
from api.backup.making import Made, backup
from api.backup.places import Places
from api.backup.quarantine import Fenced, fence
from api.backup.restoring import Restored, restore

__all__ = ["Damaged", "Fenced", "Made", "Places", "Restored", "backup", "fence", "restore"]
