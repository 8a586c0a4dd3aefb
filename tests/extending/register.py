"""Tests of an additional register, run in a copy of the checkout that has it."""

import pytest

from institutions.models import Institution
from tests.factories import create_contact, create_country, create_institution
from tests.harvest import register_servers as real
from tests.harvest.harvests import harvest, proposed
from tests.local_site import closing_site

pytestmark = pytest.mark.django_db

ENTRY = {"kind": "studio", "phone": "+995 32 200 00 00", "founded": "1999"}
ENTRIES = [
    {
        "id": "KR-0001",
        "names": {"en": "Example Films", "ka": "მაგალითი"},
        "site": "https://example-films.example",
        **ENTRY,
    },
    {"id": "KR-0002", "names": {"en": "Unheard Studio"}, "site": "", **ENTRY},
]


def test_register_is_asked_matched_and_proposed(client):
    studio = create_institution(name_en="Example", country=create_country(code="GE"), founded="1998")
    create_contact(institution=studio, kind="website", value="http://www.example-films.example/")

    with closing_site(real.RegisterSite(lambda handler, path, parameters: real.say(handler, ENTRIES))) as site:
        harvest(site, "kinoreestr", country="GE")

        assert site.asked == [("GET", "/v1/bodies?country=GE")]
    assert proposed(studio) == [
        ("identifiers", {"kinoreestr": "KR-0001"}),
        ("name", {"text": "Example Films", "kind": "spelling", "language": "en"}),
        ("names", {"name_native": "მაგალითი", "native_language": "ka"}),
        ("contact", {"kind": "phone", "value": "+995322000000"}),
        ("founded", {"founded": "1999"}),
    ]
    assert studio.proposals.first().licence == "CC BY 4.0"
    assert [value["name_en"] for _fact, value in proposed(None)] == ["Unheard Studio"]
    Institution.objects.update(identifiers={"kinoreestr": "KR-0001"})
    assert "https://kinoreestr.example/bodies/KR-0001" in client.get(studio.get_absolute_url()).content.decode()
