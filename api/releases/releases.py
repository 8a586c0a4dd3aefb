"""Releases in a folder, one a day: written, listed, and made anew without people who have been withheld since."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from exports.reading import one_moment

from . import changes, popolo, records, sqlite_file
from .csv_files import checksum, table_resources, write_csv
from .tables import Row, rows_of, tables

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PACKAGE, METADATA, README, SUMS = "datapackage.json", "metadata.json", "README.txt", "SHA256SUMS"
READ_ME = """{title}
Release of {day}, {site}/data/

Licence: {licence}, {licence_url}
To cite: CISFilm, release of {day}, {site}/data/

*.jsonl         all records with all members, as {site}/api/v1/ gives them
*.csv           the same as tables; {package} describes columns, keys and types
{sqlite}  the tables with indexes, views and a search; datasette {sqlite} -m {metadata}
{popolo}     people, institutions and posts as persons, organizations and memberships
{changes}    what was added, changed, removed, merged and withheld since the release before; of people who are
                withheld or were deleted, and their posts, it gives the number only
{sums}      checksums; sha256sum -c {sums}
"""


class ReleaseExists(Exception):
    """There is a release of this day already; none is ever changed."""


@dataclass(frozen=True)
class ReleaseFile:
    name: str
    size: int

    @property
    def format(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Release:
    """A release, by its folder."""

    folder: Path

    @property
    def day(self) -> date:
        return date.fromisoformat(self.folder.name)

    @cached_property
    def files(self) -> list[ReleaseFile]:
        found = (ReleaseFile(path.name, path.stat().st_size) for path in self.folder.iterdir() if path.is_file())
        return sorted(found, key=lambda file: (file.format, file.name))

    def find(self, name: str) -> Path | None:
        """Return the file of this name, or None; no name leads out of the folder."""
        return self.folder / name if name in {file.name for file in self.files} else None

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def releases_in(folder: str | Path) -> list[Release]:
    """Return the releases of a folder, the newest first; none of ""."""
    if not folder or not Path(folder).is_dir():
        return []
    found = (path for path in Path(folder).iterdir() if DAY.fullmatch(path.name) and path.is_dir())
    return [Release(path) for path in sorted(found, reverse=True)]


def write_release(folder: Path, day: date) -> Release:
    """Write a release of all that is public now. Raise ReleaseExists."""
    place = folder / day.isoformat()
    if place.exists():
        raise ReleaseExists(place)
    before = next((one for one in releases_in(folder) if one.day < day), None)
    with _new_folder(folder) as new, one_moment():
        for name, resource in records.released().items():
            records.write(new, name, records.public_records(resource))
        found = changes.changes_between(before.folder, new) if before else {}
        _complete(new, day, before and before.folder.name, found)
        new.rename(place)
    return Release(place)


def rewrite_release(release: Release):
    """Make a release anew without the people who have been withheld or deleted since, and put it in its place."""
    old = release.folder
    listed = json.loads((old / changes.NAME).read_text("utf-8"))
    leaving = records.Leaving(old)
    with _new_folder(old.parent) as new:
        for name in records.released():
            records.write(new, name, leaving.remaining(name, records.read(old, name)))
        found = changes.without_people_who_left(listed["changes"])
        _complete(new, release.day, listed["since"], found)
        with _new_folder(old.parent) as outdated:
            old.rename(outdated / old.name)
            try:
                new.rename(old)
            except OSError:
                (outdated / old.name).rename(old)
                raise


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder beside the releases, which is no release; what is left of it goes."""
    folder.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    # Web servers read it.
    new.chmod(0o755)
    try:
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _rows(folder: Path) -> Iterator[Row]:
    """Yield the rows of all tables, each source once."""
    sources = set()
    for name, resource in records.released().items():
        for record in records.read(folder, name):
            for row in rows_of(resource, record):
                if row.table == "sources":
                    url = next(iter(row.cells.values()))
                    if url in sources:
                        continue
                    sources.add(url)
                yield row


@translation.override("en")
def _complete(folder: Path, day: date, since: str | None, found: dict):
    """Write all other files of a release from its JSON Lines."""
    layout, package = tables(), about(day)
    [licence] = package["licenses"]
    texts = {name: package[name] for name in ("title", "description", "homepage", "version", "created")}
    texts |= {"licence": licence["title"], "licence_url": licence["path"]}
    write_csv(folder, layout, _rows(folder))
    sqlite_file.write_sqlite(folder, layout, _rows(folder), texts)
    popolo.write_popolo(folder, texts)
    _write_json(folder / changes.NAME, texts | {"since": since, "changes": found})
    _write_json(folder / PACKAGE, package | {"resources": table_resources(folder, layout)})
    _write_json(folder / METADATA, sqlite_file.datasette_metadata(layout, package, licence))
    names = {"sqlite": sqlite_file.NAME, "popolo": popolo.NAME, "changes": changes.NAME, "package": PACKAGE}
    names |= {"metadata": METADATA, "sums": SUMS}
    (folder / README).write_text(READ_ME.format(day=day, site=settings.SITE_URL, **texts, **names), "utf-8")
    sums = [f"{checksum(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / SUMS).write_text("".join(sums), "utf-8")


def title() -> str:
    return gettext("CISFilm: film institutions of the CIS countries and Georgia, and those who represent them")


def about(day: date) -> dict:
    """Return the head of the data package."""
    return {
        "profile": "data-package",
        "name": "cisfilm",
        "id": f"{settings.SITE_URL}/data/{day}/{PACKAGE}",
        "title": title(),
        "description": gettext("All public records of the directory, with the sources and dates of each fact."),
        "homepage": f"{settings.SITE_URL}/data/",
        "version": day.isoformat(),
        "created": f"{day}T00:00:00Z",
        "licenses": [{"name": _licence_id(), "path": settings.DATA_LICENCE_URL, "title": settings.DATA_LICENCE_NAME}],
        "sources": [{"title": "CISFilm", "path": f"{settings.SITE_URL}/"}],
        "contributors": [{"title": "CISFilm", "path": f"{settings.SITE_URL}/", "role": "publisher"}],
    }


def _licence_id() -> str:
    """Return the name as an id of opendefinition.org is written, such as CC-BY-4.0."""
    return settings.DATA_LICENCE_NAME.replace(" ", "-")


def _write_json(path: Path, content: dict):
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
