"""Reasons why a proposal was made, as codes with words. Editors accept proposals with equal reasons together."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order in which they are shown.
REASONS: dict[str, str | Promise] = {
    # How the record was recognised.
    "same-identifier": _("same identifier in a register"),
    "same-domain": _("same website"),
    "same-name": _("same name, country and kind"),
    "similar-name": _("similar name"),
    "several-candidates": _("other records match too"),
    # Why the fact is believed.
    "domain-answers": _("the website answers"),
    "name-on-front-page": _("name on its front page"),
    "own-page": _("on the institution's own website"),
    "own-domain": _("e-mail address at the domain of its website"),
    "as-link": _("a link on the page"),
    "structured": _("marked for machines on the page"),
    "in-text": _("in the text of the page"),
    "several-pages": _("on several pages"),
    "several-origins": _("found elsewhere too"),
    "own-word": _("the institution says so"),
    "missing-twice": _("no longer on the website, twice in a row"),
    "site-changed": _("the website has changed"),
    # Why to look twice.
    "differs": _("differs from the published value"),
    "has-others": _("others of this kind are published"),
}


def in_words(codes: list[str]) -> list[str | Promise]:
    """Return the words of these codes, in the order of `REASONS`."""
    return [words for code, words in REASONS.items() if code in codes]
