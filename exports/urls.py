"""URLs of files, of the visitor's own list and of saved lists."""

from django.urls import path

from . import list_views, record_views, views

app_name = "contacts"
urlpatterns = [
    path("institutions/calendar.ics", record_views.institutions_calendar, name="institutions_calendar"),
    path("programmes/calendar.ics", record_views.programmes_calendar, name="programmes_calendar"),
    path("institutions/export/<slug:format_name>/", views.institutions_export, name="institutions_export"),
    path(
        "studios/export/<slug:format_name>/",
        views.institutions_export,
        {"section": "studios"},
        name="studios_export",
    ),
    path(
        "agencies/export/<slug:format_name>/",
        views.institutions_export,
        {"section": "agencies"},
        name="agencies_export",
    ),
    path("people/export/<slug:format_name>/", views.people_export, name="people_export"),
    path("programmes/export/<slug:format_name>/", record_views.programmes_export, name="programmes_export"),
    path("films/export/<slug:format_name>/", record_views.films_export, name="films_export"),
    path("events/export/<slug:format_name>/", record_views.events_export, name="events_export"),
    path("events/<slug:slug>/event.ics", record_views.event_calendar, name="event_calendar"),
    path("events/<slug:slug>/export/<slug:format_name>/", views.event_export, name="event_export"),
    *(
        path(f"{section}/<slug:slug>/{file}", view, {"kind": kind, **further}, name=f"{kind}_{name}")
        for section, kind in [("institutions", "institution"), ("people", "person")]
        for file, view, name, further in [
            ("card.vcf", views.record_card, "card", {}),
            ("card-3.vcf", views.record_card, "card_3", {"version": "3"}),
            ("card.svg", views.record_qr_code, "qr_code", {}),
        ]
    ),
    path("my-list/", list_views.my_list, name="my_list"),
    path("my-list/add/", list_views.my_list_add, name="my_list_add"),
    path("my-list/change/", list_views.my_list_change, name="my_list_change"),
    path("my-list/export/<slug:format_name>/", list_views.my_list_export, name="my_list_export"),
    path("lists/", list_views.contact_list_save, name="contact_list_save"),
    path("lists/<slug:secret>/", list_views.contact_list, name="contact_list"),
    path("lists/<slug:secret>/changes.atom", list_views.contact_list_feed, name="contact_list_feed"),
    path("lists/<slug:secret>/calendar.ics", list_views.contact_list_calendar, name="contact_list_calendar"),
    path("lists/<slug:secret>/export/<slug:format_name>/", list_views.contact_list_export, name="contact_list_export"),
    path("lists/<slug:secret>/owner/<slug:owner_secret>/", list_views.contact_list, name="contact_list_owner"),
    path(
        "lists/<slug:secret>/owner/<slug:owner_secret>/delete/",
        list_views.contact_list_delete,
        name="contact_list_delete",
    ),
]
