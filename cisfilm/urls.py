"""URLs of the site: English at /…, Russian at /ru/…."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path

from cooperation import views as cooperation_views
from exports import list_views
from exports import views as contact_views
from institutions import views as institution_views
from people import views as people_views
from visitors import feeds, sitemaps, views
from visitors import search as search_views
from visitors.corrections import views as correction_views
from visitors.styleguide import styleguide

institution_urls = [
    path("institutions/", institution_views.institution_list, name="institution_list"),
    path("institutions/<slug:slug>/", views.institution_detail, name="institution_detail"),
    path("studios/", institution_views.institution_list, {"section": "studios"}, name="studio_list"),
    path("agencies/", institution_views.institution_list, {"section": "agencies"}, name="agency_list"),
    path("countries/", views.country_list, name="country_list"),
    path("countries/<slug:code>/", views.country_detail, name="country_detail"),
    path("programmes/", institution_views.programme_list, name="programme_list"),
    path("programmes/<slug:slug>/", institution_views.programme_detail, name="programme_detail"),
]

people_urls = [
    path("people/", people_views.person_list, name="person_list"),
    path("people/<slug:slug>/", views.person_detail, name="person_detail"),
]

cooperation_urls = [
    path("events/", cooperation_views.event_list, name="event_list"),
    path("events/<slug:slug>/", cooperation_views.event_detail, name="event_detail"),
    path("films/", cooperation_views.film_list, name="film_list"),
    path("films/<slug:slug>/", cooperation_views.film_detail, name="film_detail"),
]

contact_urls = [
    path("institutions/export/<slug:format_name>/", contact_views.institutions_export, name="institutions_export"),
    path(
        "studios/export/<slug:format_name>/",
        contact_views.institutions_export,
        {"section": "studios"},
        name="studios_export",
    ),
    path(
        "agencies/export/<slug:format_name>/",
        contact_views.institutions_export,
        {"section": "agencies"},
        name="agencies_export",
    ),
    path("people/export/<slug:format_name>/", contact_views.people_export, name="people_export"),
    path("events/<slug:slug>/export/<slug:format_name>/", contact_views.event_export, name="event_export"),
    *(
        path(f"{section}/<slug:slug>/{file}", view, {"kind": kind, **further}, name=f"{kind}_{name}")
        for section, kind in [("institutions", "institution"), ("people", "person")]
        for file, view, name, further in [
            ("card.vcf", contact_views.record_card, "card", {}),
            ("card-3.vcf", contact_views.record_card, "card_3", {"version": "3"}),
            ("card.svg", contact_views.record_qr_code, "qr_code", {}),
        ]
    ),
    path("my-list/", list_views.my_list, name="my_list"),
    path("my-list/add/", list_views.my_list_add, name="my_list_add"),
    path("my-list/change/", list_views.my_list_change, name="my_list_change"),
    path("my-list/export/<slug:format_name>/", list_views.my_list_export, name="my_list_export"),
    path("lists/", list_views.contact_list_save, name="contact_list_save"),
    path("lists/<slug:secret>/", list_views.contact_list, name="contact_list"),
    path("lists/<slug:secret>/export/<slug:format_name>/", list_views.contact_list_export, name="contact_list_export"),
    path("lists/<slug:secret>/owner/<slug:owner_secret>/", list_views.contact_list, name="contact_list_owner"),
    path(
        "lists/<slug:secret>/owner/<slug:owner_secret>/delete/",
        list_views.contact_list_delete,
        name="contact_list_delete",
    ),
]

correction_urls = [
    path("corrections/new/", correction_views.correction_new, name="correction_new"),
    path("corrections/<slug:secret>/", correction_views.correction_status, name="correction_status"),
    path("confirm/<slug:secret>/", correction_views.confirmation, name="confirmation"),
    path("confirm/<slug:secret>/stop/", correction_views.no_more_letters, name="no_more_letters"),
]

handler500 = "web.waiting.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": sitemaps.SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path("sitemap-<slug:section>.xml", sitemap_views.sitemap, {"sitemaps": sitemaps.SITEMAPS}, name="sitemap_section"),
]
urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("styleguide/", styleguide, name="styleguide"),
    path("theme/", views.choose_theme, name="choose_theme"),
    path("coverage/", views.coverage_page, name="coverage"),
    path("compare/", views.compare, name="compare"),
    path("changes/", views.change_list, name="change_list"),
    path("changes/<int:number>/", views.load_changes, name="load_changes"),
    path("changes.atom", feeds.changes_feed, name="changes_feed"),
    path("changes/<slug:kind>.atom", feeds.institution_kind_feed, name="kind_changes_feed"),
    path("countries/<slug:code>/changes.atom", feeds.country_feed, name="country_changes_feed"),
    path("search/", search_views.search_page, name="search"),
    path("search/suggest/", search_views.suggest, name="search_suggest"),
    path("", include((contact_urls, "contacts"))),
    path("", include((institution_urls, "institutions"))),
    path("", include((people_urls, "people"))),
    path("", include((cooperation_urls, "cooperation"))),
    path("account/", include("editors.accounts.urls")),
    path("", include((correction_urls, "corrections"))),
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
