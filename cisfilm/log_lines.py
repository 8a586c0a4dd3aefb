"""Log format: each line begins with its time, and secrets in links are masked."""

import logging
import re
import time

# The part of a path after these prefixes is secret: saved lists, corrections, e-mails, password resets.
SECRET_LINK = re.compile(r"(?<!/admin)(/(?:lists|owner|corrections|confirm|password/new)/)(?!new/|done/)[^\s/?\"'<>]+")


class TimedFormatter(logging.Formatter):
    """Formatter with time in UTC, level and place, and "…" in place of secrets, tracebacks included."""

    converter = time.gmtime

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def format(self, record):
        return SECRET_LINK.sub(r"\1…", super().format(record))
