"""How the tests are spread over the processes that run them (`--dist loadfile`)."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

#: Rooms that one process takes whole, for what their tests share is dear.
WHOLE = ("tests/browser/",)


class Spread(LoadFileScheduling):
    """Files stay whole, and so do some rooms: three processes that each had their share of the
    browser's tests would each start the product, which takes 24 s of processor, and a browser.
    """

    def _split_scope(self, nodeid: str) -> str:
        room = next((one for one in WHOLE if nodeid.startswith(one)), None)
        return room or str(super()._split_scope(nodeid))
