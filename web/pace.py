"""Limit on how fast a client asks for what is made anew each time; in memory, since such requests write nothing."""

import time
from collections import OrderedDict
from threading import Lock

# The longest unseen ones are forgotten first, which is to their advantage.
MOST_CLIENTS = 10_000


class Pace:
    """Requests a second of each client in this process, with so many at once after a pause."""

    def __init__(self, per_second: float, at_once: int):
        self.per_second, self.at_once = per_second, at_once
        # By client: the moment from which on it may send `at_once` requests again.
        self._rested_at: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def seconds_to_wait(self, client: str, now: float | None = None) -> float:
        """Return 0 and count the request, or the seconds after which the client may send it."""
        now = time.monotonic() if now is None else now
        with self._lock:
            rested_at = max(self._rested_at.pop(client, now), now)
            later = rested_at + 1 / self.per_second
            wait = later - now - self.at_once / self.per_second
            self._rested_at[client] = rested_at if wait > 0 else later
            while len(self._rested_at) > MOST_CLIENTS:
                self._rested_at.popitem(last=False)
        return max(wait, 0.0)
