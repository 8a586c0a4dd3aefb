"""Marks that lead from a fact to the numbered sources behind it."""

from django import template

register = template.Library()


@register.inclusion_tag("_source_marks.html")
def source_marks(notes, *facts):
    """Marks of the sources that support these facts of the record."""
    return {"marks": notes.supporting(*facts)}


@register.inclusion_tag("_source_marks.html")
def source_mark(notes, source):
    """Mark of the source behind one row, such as a contact or a post."""
    return {"marks": notes.of(source)}
