"""Marks that link a fact to its numbered sources."""

from django import template
from django.utils.html import format_html_join
from django.utils.translation import gettext

from records.contact_types import FACT_OF_KIND

register = template.Library()

# Not a template: a page has dozens of them.
MARK = '<sup><a class="mark-link" href="#source-{0}" aria-label="{1}">{0}</a></sup>'


def _marks(notes):
    return format_html_join(
        "", MARK, ((note.number, gettext("source %(number)s") % {"number": note.number}) for note in notes)
    )


@register.simple_tag
def source_marks(notes, *facts):
    """Render the marks of the sources that support these facts of the record."""
    return _marks(notes.supporting(*facts))


@register.simple_tag
def contact_marks(notes, contact):
    """Render the mark of the contact's source, else of the record's sources for contacts of its kind."""
    return _marks(notes.of(contact.source, FACT_OF_KIND[contact.kind]))


@register.simple_tag
def post_marks(notes, post):
    """Render the marks of the post's sources, else of the record's sources for its posts."""
    own = [note for source in post.sources for note in notes.of(source)]
    return _marks(own or notes.supporting("positions"))


@register.simple_tag
def source_mark(notes, source):
    """Render the mark of the source of one row, such as a former name."""
    return _marks(notes.of(source))
