"""Template filters for names of countries by code."""

from django import template

from institutions.models import country_name

register = template.Library()


@register.filter
def country_names(codes):
    return [country_name(code) for code in codes]
