"""URLs of events and films."""

from django.urls import path

from . import views

app_name = "cooperation"
urlpatterns = [
    path("events/", views.event_list, name="event_list"),
    path("events/<slug:slug>/", views.event_detail, name="event_detail"),
    path("films/", views.film_list, name="film_list"),
    path("films/<slug:slug>/", views.film_detail, name="film_detail"),
]
