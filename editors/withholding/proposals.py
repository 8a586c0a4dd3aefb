"""Eraser of withheld people from proposals, and from what undoing them would restore."""

import json
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from harvest.models import Proposal
from people.withheld_names import WithheldNames

from .eraser import Eraser

WORDS = ("name", "value_then", "url", "title", "quotation")


def _naming(person) -> list[int]:
    """Return the proposals that name the person, in any spelling."""
    names = WithheldNames([person])
    found = []
    for number, value, journal, *texts in Proposal.objects.values_list("pk", "value", "journal", *WORDS).iterator():
        texts += [json.dumps(one, ensure_ascii=False) for one in (value, journal)]
        if any(names.are_named_in(unquote(text)) for text in texts):
            found.append(number)
    return found


def _find(person):
    return [str(one) for one in Proposal.objects.filter(pk__in=_naming(person)).for_inbox()]


def _erase(person):
    Proposal.objects.filter(pk__in=_naming(person)).delete()


ERASERS = [Eraser(_("Proposals"), _find, _erase, Proposal)]
