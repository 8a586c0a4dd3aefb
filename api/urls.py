"""URLs for programs, the same in all languages."""

from django.urls import path

from . import views

app_name = "api"
urlpatterns = [
    path("", views.start, name="start"),
    path("openapi.json", views.openapi, name="openapi"),
    path("<slug:name>", views.record_list, name="record_list"),
    path("<slug:name>/<str:key>", views.record_detail, name="record_detail"),
    path("<path:path>", views.nowhere, name="nowhere"),
]
