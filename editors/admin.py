"""Record admins, in the order of the domains."""

from .forms import record_admin  # noqa: F401
from .inbox import admin  # noqa: F401
from .records import cooperation, institutions, people, positions  # noqa: F401
