"""URLs of corrections and of letters to institutions."""

from django.urls import path

from . import views

app_name = "corrections"
urlpatterns = [
    path("corrections/new/", views.correction_new, name="correction_new"),
    path("corrections/<slug:secret>/", views.correction_status, name="correction_status"),
    path("this-is-us/<slug:record_key>/", views.this_is_us, name="this_is_us"),
    path("this-is-us/<slug:record_key>/sent/", views.this_is_us_sent, name="this_is_us_sent"),
    path("confirm/<slug:secret>/", views.confirmation, name="confirmation"),
    path("confirm/<slug:secret>/stop/", views.no_more_letters, name="no_more_letters"),
]
