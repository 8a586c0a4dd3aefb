"""Structured data of the page of releases: schema.org for search engines, DCAT for catalogues of open data."""

import mimetypes

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from records.linked_data import CONTEXT

from .releases import Release, ReleaseFile, title

VOCABULARIES = {
    "@vocab": f"{CONTEXT}/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TYPES = {
    "jsonl": "application/jsonl",
    "sqlite": "application/vnd.sqlite3",
}


def media_type(name: str) -> str:
    """Return the media type of a file by its name."""
    found = TYPES.get(name.rpartition(".")[2]) or mimetypes.guess_type(name)[0]
    return found or "text/plain"


def data_graph(releases: list[Release]) -> dict:
    """Return the newest release as a data set in both vocabularies, older ones as its versions."""
    address = settings.SITE_URL + reverse("releases")
    licence = {"@id": settings.DATA_LICENCE_URL}
    dataset = {
        "@type": ["Dataset", "dcat:Dataset"],
        "@id": address,
        "url": address,
        "name": title(),
        "description": gettext("All public records of the directory, with the sources and dates of each fact."),
        "isAccessibleForFree": True,
        "license": settings.DATA_LICENCE_URL,
        "creator": {"@type": "Organization", "name": "CISFilm", "url": f"{settings.SITE_URL}/"},
        "dct:title": title(),
        "dct:license": licence,
        "dct:publisher": {"@id": f"{settings.SITE_URL}/"},
    }
    if releases:
        newest = releases[0]
        dataset |= {
            "version": newest.folder.name,
            "dateModified": newest.folder.name,
            "dct:modified": {"@type": "xsd:date", "@value": newest.folder.name},
            "distribution": [_distribution(newest, file) for file in newest.files],
        }
        dataset["dcat:distribution"] = [{"@id": one["@id"]} for one in dataset["distribution"]]
    return {"@context": VOCABULARIES, "@graph": [dataset]}


def _distribution(release: Release, file: ReleaseFile) -> dict:
    address = settings.SITE_URL + reverse("release_file", args=[release.folder.name, file.name])
    return {
        "@type": ["DataDownload", "dcat:Distribution"],
        "@id": address,
        "name": file.name,
        "contentUrl": address,
        "encodingFormat": media_type(file.name),
        "contentSize": str(file.size),
        "dcat:downloadURL": {"@id": address},
        "dcat:byteSize": file.size,
        "dcat:mediaType": media_type(file.name),
        "dct:license": {"@id": settings.DATA_LICENCE_URL},
    }
