"""A further kind of record as visitors and editors meet it; run in a copy of the checkout that has it."""

import pytest
from awards.models import Award
from django.contrib.auth.models import Group
from django.db import IntegrityError

from records.history.models import RecordChange
from tests.admin_forms import page, save
from tests.factories import create_country, create_editor
from tests.visitors.corrections.sending import send
from visitors.corrections.models import Correction

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


@pytest.fixture
def award(desk):
    """A published award, entered by an editor."""
    fields = {"name_en": "Golden Bough", "country": create_country(code="TJ").pk, "publication_state": "published"}
    assert save(desk, page(Award, "add"), **fields).status_code == 302
    return Award.objects.get()


def test_visitors_come_to_it_from_the_start_page_the_list_and_the_search(client, award):
    assert 'href="/awards/"' in client.get("/").content.decode()
    assert "Golden Bough" in client.get("/awards/?country=TJ").content.decode()
    create_country(code="UZ")
    assert "Golden Bough" not in client.get("/awards/?country=UZ").content.decode()
    assert client.get("/awards/golden-bough/").context["award"] == award
    assert [group.kind.title for group in client.get("/search/?q=golden").context["groups"]] == ["Awards"]
    assert client.get("/api/v1/awards?country=TJ&q=gold").json()["results"][0]["names"][0]["text"] == "Golden Bough"
    assert client.get("/search/suggest/?q=gold").json()["suggestions"][0]["url"] == "/awards/golden-bough/"


def test_search_engines_and_feeds_are_told_of_it(client, award):
    assert "/awards/golden-bough/" in client.get("/sitemap-awards.xml").content.decode()
    assert "sitemap-awards.xml" in client.get("/sitemap.xml").content.decode()
    assert "Golden Bough" in client.get("/changes.atom").content.decode()
    assert "Golden Bough" in client.get("/changes/?kind=award").content.decode()


def test_what_editors_change_stands_in_the_public_history(desk, award):
    save(desk, page(Award, "change", award.pk), name_ru="Золотая ветвь")

    assert RecordChange.objects.of_record(award).newest_first()[0].facts == ["names"]


def test_readers_correct_it_and_editors_accept_that(client, desk, award):
    fact = {"record": f"award/{award.key}", "fact": "name_en"}
    assert "Golden Bough" in client.get("/corrections/new/", fact).content.decode()

    send(client, fact, proposed="The Golden Bough")

    correction = Correction.objects.get()
    assert (correction.record_kind, correction.country.code) == ("award", "TJ")
    save(desk, f"{page(Award, 'change', award.pk)}?correction={correction.pk}")
    correction.refresh_from_db()
    assert (correction.state, Award.objects.get().name_en) == ("accepted", "The Golden Bough")


def test_drafts_are_counted_on_the_dashboard(desk):
    assert "/admin/awards/award/?task=drafts" not in desk.get("/admin/").content.decode()

    Award.objects.create(key="new", name_en="New", country=create_country(code="TJ"))

    assert "/admin/awards/award/?task=drafts" in desk.get("/admin/").content.decode()
    assert Group.objects.filter(name="Editors", permissions__codename="change_awardname").exists()


def test_database_refuses_control_characters(award):
    with pytest.raises(IntegrityError):
        Award.objects.filter(pk=award.pk).update(name_ru="a\x01")
