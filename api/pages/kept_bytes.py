"""Bytes that a process keeps so as not to make them anew: so many, whatever they are of."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class KeptBytes:
    """The last ones asked for, at most `most` bytes together; one over `largest` is made each
    time. What `make` raises is not kept.
    """

    def __init__(self, most: int, largest: int) -> None:
        self._most, self._largest = most, largest
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()  # outside the lock: two who ask at once both make it, and nobody waits
        if len(made) <= self._largest:
            self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: bytes) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made
            self.size += len(made)
            while self.size > self._most:
                _, oldest = self._kept.popitem(last=False)
                self.size -= len(oldest)
