"""Pictures with many parts, rendered once."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def picture(template_name, drawn, **words):
    """Render the template with `picture` and these words.

    `drawn` is what a function of `visitors.pictures` returned, and the template may use nothing else but the language:
    for the same object the text of the last time is the right one.
    """
    return _rendered(template_name, drawn, tuple(words.items()), get_language())


@lru_cache(maxsize=64)
def _rendered(template_name, drawn, words, language):
    return render_to_string(template_name, {"picture": drawn, **dict(words)})
