"""URLs of the reconciliation service."""

from django.urls import path

from . import views

app_name = "reconciliation"
urlpatterns = [
    path("reconcile", views.service, name="service"),
    path("reconcile/suggest/<slug:what>", views.suggest, name="suggest"),
    path("reconcile/properties", views.properties, name="properties"),
    path("reconcile/view", views.view, name="view"),
    path("reconcile/preview", views.preview, name="preview"),
]
