"""Records that a row of somebody's list may be about, ranked, and how certain that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

# Least points of a record that a row may be about, and how far below the best another one is no rival.
LEAST_POINTS, MARGIN = 75, 8
MOST_CANDIDATES = 5


class Proof(IntEnum):
    """Evidence that is enough to be certain, unless another record has as much; the strongest last."""

    NONE = 0
    NAME = 1
    # And a name that is alike.
    CONTACT = 2
    IDENTIFIER = 3


class Certainty(models.TextChoices):
    CERTAIN = "certain", _("certain")
    LIKELY = "likely", _("likely")
    SEVERAL = "several", _("several possible")
    NONE = "none", _("not found")


@dataclass(frozen=True)
class Candidate:
    """Record, its points, and what speaks for and against it, as words of `REASONS`."""

    record: Any
    points: float
    proof: Proof = Proof.NONE
    reasons: tuple[str, ...] = ()

    @property
    def score(self) -> int:
        """Return the points as a number from 0 to 100."""
        return round(min(max(self.points, 0), 100))


@dataclass(frozen=True)
class Match:
    """Candidates, the best first, and the certainty that the first is meant."""

    candidates: tuple[Candidate, ...] = ()
    certainty: Certainty = Certainty.NONE

    @property
    def record(self) -> Any:
        """Return the record that is certainly or likely meant, or None."""
        return self.candidates[0].record if self.certainty in (Certainty.CERTAIN, Certainty.LIKELY) else None


NO_MATCH = Match()
# Speaking for a record, then against it.
REASONS = {
    "identifier": _("the same id"),
    "contact": _("the same telephone, e-mail or page"),
    "domain": _("the same domain"),
    "same-name": _("the same name"),
    "similar-name": _("a similar name"),
    "country": _("the same country"),
    "city": _("the same city"),
    "kind": _("the same kind"),
    "post": _("a post at the institution"),
    "other-country": _("another country"),
    "other-city": _("another city"),
    "other-kind": _("another kind"),
    "no-post": _("no known post at the institution"),
}


def settled(candidates: Iterable[Candidate]) -> Match:
    """Return the candidates in their order; only one that has more proof than all others is certain."""
    ranked = sorted(candidates, key=lambda one: (-one.proof, -one.points, one.record.pk))[:MOST_CANDIDATES]
    ranked = tuple(one for one in ranked if one.proof or one.points >= LEAST_POINTS)
    if not ranked:
        return NO_MATCH
    first = ranked[0]
    if first.proof:
        rivals = [one for one in ranked if one.proof == first.proof]
        return Match(ranked, Certainty.SEVERAL if len(rivals) > 1 else Certainty.CERTAIN)
    rivals = [one for one in ranked if one.points >= first.points - MARGIN]
    return Match(ranked, Certainty.SEVERAL if len(rivals) > 1 else Certainty.LIKELY)
