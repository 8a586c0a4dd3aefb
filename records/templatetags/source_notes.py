"""Marks that lead from a fact to the numbered sources behind it."""

from django import template

from records.contact_types import FACT_OF_KIND

register = template.Library()


@register.inclusion_tag("_source_marks.html")
def source_marks(notes, *facts):
    """Marks of the sources that support these facts of the record."""
    return {"marks": notes.supporting(*facts)}


@register.inclusion_tag("_source_marks.html")
def contact_marks(notes, contact):
    """Marks of the source behind a contact, else of those that the record names for contacts of its kind."""
    return {"marks": notes.of(contact.source, FACT_OF_KIND[contact.kind])}


@register.inclusion_tag("_source_marks.html")
def post_marks(notes, post):
    """Marks of the sources behind a post, else of those that the record names for its posts."""
    own = [note for source in post.sources for note in notes.of(source)]
    return {"marks": own or notes.supporting("positions")}


@register.inclusion_tag("_source_marks.html")
def source_mark(notes, source):
    """Mark of the source behind one row, such as a former name."""
    return {"marks": notes.of(source)}
