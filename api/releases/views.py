"""The page of open-data releases, and their files."""

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import render

from .linked_data import data_graph, media_type
from .releases import releases_in


def releases_page(request):
    releases = releases_in(settings.RELEASES_DIR)
    context = {
        "releases": releases,
        "site": settings.SITE_URL,
        "linked_data": data_graph(releases),
    }
    # The folder changes without the data version.
    response = render(request, "api/releases.html", context)
    response["Cache-Control"] = "no-cache"
    return response


def release_file(request, day, name):
    """Send a file of a release; names of others, and ways out of the folder, are not found."""
    release = next((one for one in releases_in(settings.RELEASES_DIR) if one.folder.name == day), None)
    path = release and release.find(name)
    if path is None:
        raise Http404
    # Whoever is withheld leaves old releases, too: nobody may keep them unasked.
    headers = {"Cache-Control": "no-cache"}
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type=media_type(name), headers=headers
    )
