"""Marks that link a fact to its numbered sources."""

from django import template

from records.contact_types import FACT_OF_KIND

register = template.Library()


@register.inclusion_tag("_source_marks.html")
def source_marks(notes, *facts):
    """Render the marks of the sources that support these facts of the record."""
    return {"marks": notes.supporting(*facts)}


@register.inclusion_tag("_source_marks.html")
def contact_marks(notes, contact):
    """Render the mark of the contact's source, else of the record's sources for contacts of its kind."""
    return {"marks": notes.of(contact.source, FACT_OF_KIND[contact.kind])}


@register.inclusion_tag("_source_marks.html")
def post_marks(notes, post):
    """Render the marks of the post's sources, else of the record's sources for its posts."""
    own = [note for source in post.sources for note in notes.of(source)]
    return {"marks": own or notes.supporting("positions")}


@register.inclusion_tag("_source_marks.html")
def source_mark(notes, source):
    """Render the mark of the source of one row, such as a former name."""
    return {"marks": notes.of(source)}
