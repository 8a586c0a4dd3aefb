"""The link by which other sites learn how to show a page in a frame."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse

from api.embedding.lists import may_stand_in_a_frame

register = template.Library()


@register.simple_tag(takes_context=True)
def oembed_address(context) -> str:
    """Return the URL of oEmbed for this page, "" if it may not stand in a frame."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if match is None or not may_stand_in_a_frame(match.view_name):
        return ""
    return f"{settings.SITE_URL}{reverse('oembed')}?{urlencode({'url': settings.SITE_URL + request.get_full_path()})}"
