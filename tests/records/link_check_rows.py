"""Rows of link checks."""

import datetime

from django.utils import timezone

from records.link_checks import LinkCheck, LinkOutcome
from tests.constraint_cases import Case

URL = "https://tajikfilm.tj/"


def create_check(url=URL, days_ago=0, **fields):
    fields = {"outcome": LinkOutcome.WORKS, "checked_at": timezone.now() - datetime.timedelta(days=days_ago), **fields}
    return LinkCheck.objects.create(url=url, **fields)


CASES = [
    Case("linkcheck_outcome_known", create_check, {"outcome": "gone"}, {"outcome": "dream"}),
    Case(
        "linkcheck_failures_have_a_beginning",
        create_check,
        {"failures": 1, "failing_since": "2026-01-01"},
        {"failures": 1},
    ),
]
