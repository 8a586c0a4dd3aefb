"""JSON-LD in a page."""

import json

from django import template
from django.utils.safestring import mark_safe

register = template.Library()
# Characters that could end the element or begin a comment; the same as in Django's json_script.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def linked_data_script(data):
    """Render the page's JSON-LD as a script element that browsers do not run."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 escaped above
