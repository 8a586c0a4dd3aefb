"""Admin of suspected duplicates."""

from .suspected_duplicates import SuspectedDuplicateAdmin  # noqa: F401
