"""Tests of undoing an import, except for later changes."""

import pytest
from django.urls import reverse
from reversion.models import Version

from editors.merging.models import Merge
from editors.spreadsheets.models import Import, ImportRevision, RememberedWord
from institutions.models import City, Institution
from people.models import Person
from records.keys import PastSlug
from records.models import MergedKey, Source
from tests.admin_forms import open_form, save
from tests.editors.merging.pages import merge
from tests.editors.merging.pages import undo as undo_merge
from tests.editors.spreadsheets.sheets import SOURCE, bring_to_preview, confirm, csv_bytes, match, outcomes, send
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_editor,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_source,
)

pytestmark = pytest.mark.django_db

CHANGED_SINCE = "The record has been changed since."
IN_USE = "Something has been added to the record since, or another record refers to it."
HEADINGS = "name (en);name (ru);kind;country;city;founded;phone;head;post;services;aka"
NEW = "Sinamo;Синамо;fund;TJ;Khujand;2001;+992 37 221 00 09;Olga Lang;Director;dubbing;Kino"
CHANGED = "Tajikfilm;Таджикфильм;fund;TJ;Khujand;1931;+992 37 221 00 00;Anna Berg;President;dubbing;Tadjikfilm"


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


@pytest.fixture
def studio():
    country = create_country(code="TJ")
    create_city(name_en="Khujand", country=country)
    studio = create_institution(
        name_en="Tajikfilm", country=country, city=create_city(country=country), services=["props"], founded="1930"
    )
    create_contact(institution=studio, checked_on="2025", check_method="letter")
    create_institution_name(institution=studio, text="TF")
    create_position(institution=studio, person=create_person(name_en="Anna Berg", country=country))
    return studio


OLGA = "name (en);kind;country;city;phone;head;post;source url;source title"
OWN_PAGE = "Sinamo;fund;TJ;Khorog;+992 37 221 00 09;Olga Lang;Director;https://example.org/{page};About Sinamo"


def undo(desk, spreadsheet):
    """Undo the import; the response leads to the page that says what became of it."""
    return desk.post(reverse("admin:intake_undo", args=[spreadsheet.pk]))


def everything():
    """Return all rows that an import may change, except the source of the list, which its page names."""
    models = [
        Institution,
        Person,
        City,
        Source,
        *(
            relation.related_model
            for relation in (*Institution._meta.related_objects, *Person._meta.related_objects)
            if relation.one_to_many
        ),
    ]
    unimportant = {"updated_at", "search_words", "search_text"}
    found = {}
    for model in models:
        if model._meta.app_label in ("institutions", "people", "sources"):
            names = [field.attname for field in model._meta.concrete_fields if field.name not in unimportant]
            rows = model._base_manager.order_by("pk").values(*names)
            found[model._meta.label] = [row for row in rows if row.get("url") != SOURCE["source_url"]]
    return found


def imported(desk, *lines, headings=HEADINGS, choice=""):
    spreadsheet = bring_to_preview(desk, csv_bytes(headings, *lines))
    choices = {f"choice-{row.pk}": choice for row in spreadsheet.rows.filter(outcome="duplicate")}
    if choices:
        address = reverse("admin:intake_preview", args=[spreadsheet.pk])
        desk.post(address, {"choose": "1", **choices})
        open_form(desk, address)
    assert confirm(desk, spreadsheet).status_code == 302
    return spreadsheet


def test_undo_brings_everything_back(desk, studio):
    before = everything()
    spreadsheet = imported(desk, NEW, CHANGED)
    assert everything() != before

    response = undo(desk, spreadsheet)

    assert everything() == before
    assert "The import is undone." in desk.get(response["Location"]).content.decode()
    spreadsheet.refresh_from_db()
    assert (spreadsheet.state, list(spreadsheet.rows.values_list("undo_problem", flat=True))) == ("undone", ["", ""])


def test_undo_takes_cities_and_sources_of_rows_away(desk, studio):
    create_source(url="https://example.org/known")
    RememberedWord.objects.create(field="city", country_code="TJ", word="khorog", meaning="new:Khorog")
    lines = [f"{OWN_PAGE.format(page=page)}" for page in ("one", "known")]
    lines[1] = lines[1].replace("Sinamo", "Kinohona").replace("00 09", "00 08").replace("Lang", "Long")
    content = csv_bytes(OLGA, *lines)
    before = everything()
    spreadsheet = bring_to_preview(desk, content)
    confirm(desk, spreadsheet)
    assert City.objects.filter(name_en="Khorog").exists()
    assert Source.objects.filter(url="https://example.org/one").exists()

    undo(desk, spreadsheet)

    assert everything() == before
    assert Source.objects.filter(url="https://example.org/list").exists()


def test_source_that_somebody_uses_or_changed_since_stays(desk, studio):
    lines = [OWN_PAGE.format(page=page) for page in ("used", "changed", "gone")]
    lines[1] = lines[1].replace("Sinamo", "Kinohona").replace("00 09", "00 08").replace("Lang", "Long")
    lines[2] = lines[2].replace("Sinamo", "Aksi").replace("00 09", "00 07").replace("Lang", "Ling")
    RememberedWord.objects.create(field="city", country_code="TJ", word="khorog", meaning="new:Khorog")
    spreadsheet = imported(desk, *lines, headings=OLGA)
    create_contact(institution=studio, kind="website", source=Source.objects.get(url="https://example.org/used"))
    Source.objects.filter(url="https://example.org/changed").update(publisher="Kinohona")

    undo(desk, spreadsheet)

    pages = Source.objects.filter(url__startswith="https://example.org/").values_list("url", flat=True)
    assert set(pages) == {"https://example.org/list", "https://example.org/used", "https://example.org/changed"}


def test_person_who_stays_keeps_the_source(desk, studio):
    spreadsheet = imported(desk, OWN_PAGE.format(page="one").replace("Khorog", "Khujand"), headings=OLGA)
    olga = Person.objects.get(name_en="Olga Lang")
    create_position(person=olga, institution=studio)

    undo(desk, spreadsheet)

    assert olga.record_sources.get().source.url == "https://example.org/one"


def test_undone_record_comes_back_with_city_source_and_head(desk, studio):
    RememberedWord.objects.create(field="city", country_code="TJ", word="khorog", meaning="new:Khorog")
    spreadsheet = imported(desk, OWN_PAGE.format(page="one"), headings=OLGA)
    pk = Institution.objects.get(name_en="Sinamo").pk
    undo(desk, spreadsheet)
    assert not Person.objects.filter(name_en="Olga Lang").exists()
    version = Version.objects.get_deleted(Institution).get(object_id=str(pk))
    address = reverse("admin:institutions_institution_recover", args=[version.pk])
    assert desk.get(address).status_code == 200
    assert not City.objects.filter(name_en="Khorog").exists()

    assert save(desk, address).status_code == 302

    record = Institution.objects.get(pk=pk)
    assert (record.city.name_en, record.positions.get().person.name_en) == ("Khorog", "Olga Lang")
    assert record.contacts.get().source.url == "https://example.org/one"
    assert record.positions.get().person.record_sources.count() == 1


def test_word_that_means_a_city_which_is_gone_is_asked_again(desk, studio):
    RememberedWord.objects.create(field="city", country_code="TJ", word="хорог", meaning="tj-khorog")
    response = send(desk, csv_bytes("name (en),kind,country,city", "Sinamo,fund,TJ,Хорог"))
    match(desk, Import.objects.get())

    response = desk.get(reverse("admin:intake_words", args=[Import.objects.get().pk]))

    assert response.status_code == 200
    assert [word.word for word in response.context["form"].words] == ["Хорог"]


def test_each_record_has_a_revision_that_names_the_import(desk, studio):
    imported(desk, NEW, CHANGED)

    versions = Version.objects.get_for_object(studio)
    assert [version.revision.comment for version in versions] == [
        "Import of studios.csv",
        "State before the first edit.",
    ]
    new = Institution.objects.get(name_en="Sinamo")
    (version,) = Version.objects.get_for_object(new)
    assert ImportRevision.objects.get(revision=version.revision).row.institution == new
    assert Version.objects.get_for_object(Person.objects.get(name_en="Olga Lang")).get().revision == version.revision


def test_new_record_that_was_undone_can_be_recovered(desk, studio):
    spreadsheet = imported(desk, NEW)
    pk = Institution.objects.get(name_en="Sinamo").pk

    undo(desk, spreadsheet)
    version = Version.objects.get_deleted(Institution).get(object_id=str(pk))
    version.revision.revert()

    restored = Institution.objects.get(pk=pk)
    assert (restored.name_en, restored.contacts.get().value) == ("Sinamo", "+992372210009")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda new: new.contacts.update(value="+992372210008"), "The record has been changed since."),
        (
            lambda new: Institution.objects.filter(pk=new.pk).update(postal_code="1"),
            "The record has been changed since.",
        ),
        (
            lambda new: create_contact(institution=new, value="new@example.org"),
            IN_USE,
        ),
        (
            lambda new: create_institution(name_en="Part", parent=new, country=new.country),
            IN_USE,
        ),
        (lambda new: new.contacts.get().confirm(method="telephone"), CHANGED_SINCE),
    ],
)
def test_new_record_that_somebody_worked_on_stays(desk, studio, change, problem):
    spreadsheet = imported(desk, NEW, CHANGED)
    change(Institution.objects.get(name_en="Sinamo"))

    response = undo(desk, spreadsheet)

    assert Institution.objects.filter(name_en="Sinamo").exists()
    studio.refresh_from_db()
    assert studio.founded == "1930"
    assert spreadsheet.rows.get(line=2).undo_problem == problem
    page = desk.get(response["Location"]).content.decode()
    assert problem in page
    assert "The import is undone, except 1 record: see below." in page


def test_changed_record_that_somebody_changed_again_stays(desk, studio):
    spreadsheet = imported(desk, NEW, CHANGED)
    Institution.objects.filter(pk=studio.pk).update(founded="1932")

    undo(desk, spreadsheet)

    studio.refresh_from_db()
    assert (studio.founded, studio.kind) == ("1932", "fund")
    assert not Institution.objects.filter(name_en="Sinamo").exists()


def test_what_others_changed_elsewhere_in_the_record_stays_and_the_rest_is_undone(desk, studio):
    spreadsheet = imported(desk, CHANGED)
    create_contact(institution=studio, value="later@example.org")
    Institution.objects.filter(pk=studio.pk).update(postal_code="734025")

    undo(desk, spreadsheet)

    studio.refresh_from_db()
    assert (studio.founded, studio.postal_code) == ("1930", "734025")
    assert studio.contacts.filter(value="later@example.org").exists()
    assert not studio.contacts.filter(kind="phone").exists()


def test_person_who_got_another_post_since_stays(desk, studio):
    spreadsheet = imported(desk, NEW)
    create_position(person=Person.objects.get(name_en="Olga Lang"), institution=studio)

    undo(desk, spreadsheet)

    assert not Institution.objects.filter(name_en="Sinamo").exists()
    assert Person.objects.get(name_en="Olga Lang").positions.get().institution == studio


def test_import_is_undone_once(desk, studio):
    spreadsheet = imported(desk, NEW)
    undo(desk, spreadsheet)
    create_institution(name_en="Later")

    assert undo(desk, spreadsheet).status_code == 302
    assert Institution.objects.filter(name_en="Later").exists()


# In every order with merges ------------------------------------------------------------------------------------------

AFTER_MERGE = "It has been merged since: "


def sinamo():
    return Institution.objects.get(name_en="Sinamo")


class Walk:
    """One record created by an import, one that existed, and what happens to them."""

    def __init__(self, desk, *, kept):
        self.desk, self.kept = desk, kept
        self.other = create_institution(name_en="Cinema Fund", country=create_country(code="TJ"), kind="fund")
        create_contact(institution=self.other, value="fund@example.org")
        create_contact(institution=self.other, kind="phone", value="+992372210009")
        self.before = everything()
        self.spreadsheet = imported(desk, NEW.replace("fund;", "studio;", 1), choice="new")
        self.imported = everything()

    def merge(self):
        kept, merged = (sinamo(), self.other) if self.kept == "new" else (self.other, sinamo())
        merge(kept, merged)

    def undo_merge(self):
        undo_merge(Merge.objects.latest("pk"), although_changed=True)

    def edit(self):
        Institution.objects.filter(name_en="Sinamo").update(postal_code="734025")

    def edit_back(self):
        Institution.objects.filter(name_en="Sinamo").update(postal_code="")

    def undo_import(self):
        assert undo(self.desk, self.spreadsheet).status_code == 302

    def problems(self):
        return list(self.spreadsheet.rows.exclude(undo_problem="").values_list("undo_problem", flat=True))


@pytest.mark.parametrize("kept", ["new", "old"])
@pytest.mark.parametrize(
    "steps",
    [
        "merge undo_import undo_import undo_merge undo_import",
        "merge undo_merge merge undo_merge undo_import",
        "edit merge undo_import undo_merge undo_import edit_back undo_import",
        "merge edit undo_merge edit_back undo_import",
    ],
)
def test_nothing_is_left_of_an_import_in_whatever_order(desk, studio, kept, steps):
    walk = Walk(desk, kept=kept)

    for step in steps.split():
        getattr(walk, step)()

    assert everything() == walk.before
    assert (walk.problems(), walk.spreadsheet.may_be_undone, MergedKey.objects.count()) == ([], False, 0)
    assert not PastSlug.objects.exists()


@pytest.mark.parametrize("kept", ["new", "old"])
def test_import_whose_record_is_merged_waits_for_the_merge(desk, studio, kept):
    """Check that undoing waits for the merge, or the other record's earlier values would be lost."""
    walk = Walk(desk, kept=kept)
    walk.merge()
    merged = everything()

    walk.undo_import()

    assert everything() == merged
    (problem,) = walk.problems()
    assert problem.startswith(AFTER_MERGE)
    assert "Undo that merge first, then the rest of this import." in problem
    page = desk.get(reverse("admin:intake_preview", args=[walk.spreadsheet.pk])).content.decode()
    assert "Undo the rest of this import" in page


def test_import_whose_head_is_merged_waits_for_the_merge(desk, studio):
    spreadsheet = imported(desk, NEW)
    olga, other = Person.objects.get(name_en="Olga Lang"), create_person(name_en="Olga Lange")
    create_position(person=other, institution=studio)
    merge(other, olga)

    undo(desk, spreadsheet)

    assert spreadsheet.rows.get().undo_problem.startswith(AFTER_MERGE)
    undo_merge(Merge.objects.get())
    undo(desk, spreadsheet)
    assert not Institution.objects.filter(name_en="Sinamo").exists()
    assert list(Person.objects.filter(name_en__startswith="Olga")) == [other]


def test_undoing_an_import_keeps_what_a_merge_in_force_may_bring_back(desk, studio):
    """Check that a source of both merged records stays: one of its rows was removed by the merge."""
    spreadsheet = imported(desk, OWN_PAGE.format(page="one").replace("Khorog", "Khujand"), headings=OLGA)
    page = Source.objects.get(url="https://example.org/one")
    one, other = (create_institution(name_en=name) for name in ("Alpha Archive", "Omega Library"))
    for institution in (one, other):
        institution.record_sources.create(source=page, supports=["names"])
    merge(one, other)
    one.record_sources.all().delete()

    undo(desk, spreadsheet)
    undo_merge(Merge.objects.get(), although_changed=True)

    assert other.record_sources.get().source == page


@pytest.mark.parametrize("steps", ["delete undo_import recover undo_import", "delete recover undo_import"])
def test_deleted_record_leaves_nothing_of_the_import_behind(admin_client, studio, steps):
    before = everything()
    line = OWN_PAGE.format(page="one").replace("Khorog", "Khujand").replace("Olga Lang;Director", ";")
    spreadsheet = imported(admin_client, line, headings=OLGA)
    pk = sinamo().pk
    for step in steps.split():
        if step == "delete":
            address = reverse("admin:institutions_institution_delete", args=[pk])
            assert admin_client.post(address, {"post": "yes"}).status_code == 302
        elif step == "recover":
            version = Version.objects.get_deleted(Institution).get(object_id=str(pk))
            address = reverse("admin:institutions_institution_recover", args=[version.pk])
            assert save(admin_client, address).status_code == 302
        else:
            undo(admin_client, spreadsheet)

    assert everything() == before


def test_head_of_a_deleted_record_goes_with_the_import(desk, studio):
    spreadsheet = imported(desk, OWN_PAGE.format(page="one").replace("Khorog", "Khujand"), headings=OLGA)
    sinamo().positions.all().delete()
    sinamo().delete()

    undo(desk, spreadsheet)

    assert spreadsheet.rows.get().undo_problem == "The record has been deleted since."
    assert not Person.objects.filter(name_en="Olga Lang").exists()
    assert not Source.objects.filter(url="https://example.org/one").exists()


def test_history_of_a_person_who_stays_tells_import_and_undoing(desk, studio):
    anna = Person.objects.get(name_en="Anna Berg")
    undo(desk, imported(desk, CHANGED))

    comments = [version.revision.comment for version in Version.objects.get_for_object(anna)]

    assert comments == [
        "Undone: import of studios.csv",
        "Import of studios.csv",
        "State before the first edit.",
    ]


@pytest.mark.parametrize("column", ["key", "part of"])
def test_old_key_of_a_merged_record_finds_the_kept_one(desk, studio, column):
    merge(studio, create_institution(name_en="Tojikfilm", key="tj-tojikfilm"))
    line = {"key": "tj-tojikfilm;;;1999;", "part of": ";Sinamo;fund;;tj-tojikfilm"}[column]

    spreadsheet = bring_to_preview(desk, csv_bytes("key;name (en);kind;founded;part of;country", f"{line};TJ"))

    assert outcomes(spreadsheet) == [{"key": "update", "part of": "new"}[column]]
    confirm(desk, spreadsheet)
    studio.refresh_from_db()
    assert {"key": studio.founded == "1999", "part of": studio.parts.exists()}[column]


def test_new_record_never_gets_the_key_or_address_of_a_merged_one(desk, studio):
    """Check that the key stays taken even if the editor says that it is another record."""
    create_institution(name_en="Alatau Pictures", key="tj-alatau-test-pictures", slug="alatau-test-pictures")
    done = merge(studio, Institution.objects.get(key="tj-alatau-test-pictures"))

    spreadsheet = imported(desk, NEW.replace("Sinamo", "Alatau – Test Pictures"), choice="new")

    new = Institution.objects.get(name_en="Alatau – Test Pictures")
    assert (new.key, new.slug) == ("tj-alatau-test-pictures-2", "alatau-test-pictures-2")
    undo_merge(done)
    undo(desk, spreadsheet)
    assert not Institution.objects.filter(pk=new.pk).exists()
    assert Institution.objects.filter(key="tj-alatau-test-pictures").exists()
