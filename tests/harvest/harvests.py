"""Runs of `manage.py harvest` against stand-ins, and what they propose."""

import io

from django.core.management import call_command

from harvest.models import Proposal


def harvest(site, register="wikidata", *arguments, country="KZ"):
    """Run the command against a stand-in, and return what it prints."""
    out = io.StringIO()
    chosen = ["--base", site.base, "--resolve", site.resolve, "--pause", "0", "--country", country]
    call_command("harvest", register, *chosen, *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def proposed(institution=None, **filters):
    """Return facts and values of the open proposals, in their order."""
    found = Proposal.objects.open().filter(institution=institution, **filters).order_by("pk")
    return [(one.fact, one.value) for one in found]
