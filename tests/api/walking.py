"""A program that reads lists of the interface to their end."""

from urllib.parse import urlsplit

START = "/api/v1/"


def path_of(url):
    """Return path and query of a URL of the site."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def pages(client, path):
    """Return the pages of a list one after the other, asking for each when it is wanted."""
    path = START + path
    while path:
        response = client.get(path)
        assert response.status_code == 200, response.text
        page = response.json()
        assert (f'<{page["next"]}>; rel="next"' in response["Link"]) == bool(page["next"])
        yield page
        path = page["next"] and path_of(page["next"])


def walk(client, path):
    """Return all records of a list."""
    return [record for page in pages(client, path) for record in page["results"]]
