"""URLs of pages for frames."""

from django.urls import path

from . import views

app_name = "embedding"
urlpatterns = [
    path("<slug:name>/", views.embedded_list, name="list"),
    path("<slug:name>/<slug:slug>/", views.embedded_record, name="record"),
]
