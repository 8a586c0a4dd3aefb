"""Lines of the log: each begins with its time, and none holds a link that only its owner should know."""

import logging
import re
import time

# Whatever follows these parts of a path opens something: saved lists, corrections, letters, new passwords.
SECRET_LINK = re.compile(r"(?<!/admin)(/(?:lists|owner|corrections|confirm|password/new)/)(?!new/|done/)[^\s/?\"'<>]+")


class TimedFormatter(logging.Formatter):
    """A line with its time in UTC, level and place, and with "…" in the place of secrets, tracebacks included."""

    converter = time.gmtime

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def format(self, record):
        return SECRET_LINK.sub(r"\1…", super().format(record))
