"""URLs of institutions, countries and programmes."""

from django.urls import path

from . import views

app_name = "institutions"
urlpatterns = [
    path("institutions/", views.institution_list, name="institution_list"),
    path("institutions/<slug:slug>/", views.institution_detail, name="institution_detail"),
    path("studios/", views.institution_list, {"section": "studios"}, name="studio_list"),
    path("agencies/", views.institution_list, {"section": "agencies"}, name="agency_list"),
    path("countries/", views.country_list, name="country_list"),
    path("countries/<slug:code>/", views.country_detail, name="country_detail"),
    path("programmes/", views.programme_list, name="programme_list"),
    path("rebates/", views.rebates, name="rebates"),
    path("programmes/<slug:slug>/", views.programme_detail, name="programme_detail"),
]
