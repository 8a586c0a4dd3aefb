"""Limit on how fast a client asks for what is made anew each time; in memory, since such requests write nothing."""

import time
from collections import OrderedDict
from threading import Lock

# The longest unseen ones are forgotten first, which is to their advantage.
MOST_CLIENTS = 10_000


class Pace:
    """Requests a second of each client in this process, with so many at once after a pause.

    Whoever is too fast by less than the seconds of `patience` is served, after a wait.
    """

    def __init__(self, per_second: float, at_once: int, patience: float = 0.0):
        self.per_second, self.at_once, self.patience = per_second, at_once, patience
        # By client: the moment from which on it may send `at_once` requests again.
        self._rested_at: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def seconds_to_wait(self, client: str, now: float | None = None) -> float:
        """Return the seconds to wait, 0 for none. The request counts if they are not more than the patience."""
        now = time.monotonic() if now is None else now
        with self._lock:
            rested_at = max(self._rested_at.pop(client, now), now)
            later = rested_at + 1 / self.per_second
            wait = max(later - now - self.at_once / self.per_second, 0.0)
            self._rested_at[client] = later if wait <= self.patience else rested_at
            while len(self._rested_at) > MOST_CLIENTS:
                self._rested_at.popitem(last=False)
        return wait
