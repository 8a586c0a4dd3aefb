"""Names of countries in the reader's language, where only their codes are at hand."""

from django import template

from institutions.models import country_name

register = template.Library()


@register.filter
def country_names(codes):
    return [country_name(code) for code in codes]
