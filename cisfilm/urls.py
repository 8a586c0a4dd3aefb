"""URLs of the site: English at /…, Russian at /ru/…."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path

from api.address_books.views import address_books_page, well_known
from api.embedding.views import oembed
from api.views import for_programs_page
from visitors import sitemaps

handler500 = "web.waiting.server_error"

urlpatterns = [
    path("robots.txt", sitemaps.robots, name="robots"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": sitemaps.SITEMAPS, "sitemap_url_name": "sitemap_section"},
        name="sitemap",
    ),
    path(".well-known/carddav", well_known, name="carddav"),
    path("api/v1/", include("api.urls")),
    path("api/", include("api.reconciliation.urls")),
    path("api/oembed", oembed, name="oembed"),
    path("sitemap-<slug:section>.xml", sitemap_views.sitemap, {"sitemaps": sitemaps.SITEMAPS}, name="sitemap_section"),
]
urlpatterns += i18n_patterns(
    path("", include("visitors.urls")),
    path("", include("exports.urls")),
    path("", include("institutions.urls")),
    path("", include("people.urls")),
    path("", include("cooperation.urls")),
    path("for-programs/", for_programs_page, name="for_programs"),
    path("address-books/", address_books_page, name="address_books_page"),
    path("dav/", include("api.address_books.urls")),
    path("embed/", include("api.embedding.urls")),
    path("account/", include("editors.accounts.urls")),
    path("", include("visitors.corrections.urls")),
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
