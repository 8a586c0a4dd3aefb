"""URLs of the reconciliation service."""

from django.urls import path

from . import views

app_name = "reconciliation"
urlpatterns = [
    path("", views.service, name="service"),
    path("/suggest/<slug:what>", views.suggest, name="suggest"),
    path("/properties", views.properties, name="properties"),
    path("/view", views.view, name="view"),
    path("/preview", views.preview, name="preview"),
]
