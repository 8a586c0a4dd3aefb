"""URLs of pages across domains: start, search, coverage, comparison, changes and their feeds."""

from django.urls import path

from . import feeds, search, views
from .checking.views import check
from .styleguide import styleguide

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("styleguide/", styleguide, name="styleguide"),
    path("theme/", views.choose_theme, name="choose_theme"),
    path("coverage/", views.coverage_page, name="coverage"),
    path("check/", check, name="check"),
    path("compare/", views.compare, name="compare"),
    path("changes/", views.change_list, name="change_list"),
    path("changes/<int:number>/", views.load_changes, name="load_changes"),
    path("changes.atom", feeds.changes_feed, name="changes_feed"),
    path("changes/<slug:kind>.atom", feeds.institution_kind_feed, name="kind_changes_feed"),
    path("countries/<slug:code>/changes.atom", feeds.country_feed, name="country_changes_feed"),
    path("search/", search.search_page, name="search"),
    path("search/suggest/", search.suggest, name="search_suggest"),
]
