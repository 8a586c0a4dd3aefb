"""Tests of tasks: each count equals the number of records in its list, on both sides of every limit."""

import datetime

import pytest
from django.contrib import admin
from django.utils import timezone

from cooperation.models import Event, Film
from editors.accounts.models import CountryLimit
from editors.dashboard.tasks import TASKS
from harvest.models import Proposal
from institutions.models import Institution, InstitutionSource, Programme
from people.models import Person
from records.checks import months_before
from records.link_checks import LinkCheck, LinkOutcome
from search.models import SuspectedDuplicate
from search.rebuilding import rebuild_changed
from tests.admin_forms import open_form
from tests.factories import (
    create_contact,
    create_country,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_programme,
    create_source,
)
from visitors.corrections.models import Correction

pytestmark = pytest.mark.django_db

ONE_DAY = datetime.timedelta(days=1)


def months_ago(months, *, days_more=0):
    return (months_before(timezone.localdate(), months) - days_more * ONE_DAY).isoformat()


def checked(day):
    return {"checked_on": day, "check_method": "telephone"} if day else {}


def link_check(url, state):
    """Create the result of a link check; one failed day does not make a link dead."""
    days = {"works": None, "failing": timezone.localdate(), "dead": timezone.localdate() - 3 * ONE_DAY}[state]
    outcome = LinkOutcome.WORKS if days is None else LinkOutcome.GONE
    failures = 0 if days is None else 2
    LinkCheck.objects.create(url=url, checked_at=timezone.now(), outcome=outcome, failing_since=days, failures=failures)


def linked(country, name, *, website=None, source=None):
    made = institution(country, name, source=False)
    page = create_source(url=f"https://source.example/{made.key}")
    InstitutionSource.objects.create(institution=made, source=page, supports=["names"])
    if source:
        link_check(page.url, source)
    if website:
        address = f"https://{made.key}.example"
        create_contact(institution=made, kind="website", value=address, **checked(months_ago(1)))
        link_check(address, website)
    return made


def correction(country, state):
    answered = {} if state == "received" else {"answered_at": timezone.now()}
    if state == "declined":
        answered["reason"] = "Not so."
    return Correction.objects.create(country=country, wrong="This is wrong.", state=state, **answered)


def pair(country, name, *, is_dismissed=False):
    first, second = institution(country, f"{name} Qwertzuiop"), institution(country, f"{name} Qwertzuiop Film")
    rebuild_changed()
    found = SuspectedDuplicate.objects.get(first_id=first.pk, second_id=second.pk)
    if is_dismissed:
        SuspectedDuplicate.objects.filter(pk=found.pk).update(is_dismissed=True)
    return found


# What is made around a record, so that nothing but the thing in question wants doing.


def institution(country, name, *, contact=True, source=True, **fields):
    """Create an institution without open tasks, unless the arguments say otherwise."""
    fields = {"name_ru": name, "name_native": name, "native_language": "tg"} | fields
    made = create_institution(name_en=f"{name} {country.code}", country=country, **fields)
    if contact:
        create_contact(institution=made, **checked(months_ago(1)))
    if source:
        about = create_source(url=f"https://example.org/{made.key}")
        InstitutionSource.objects.create(institution=made, source=about, supports=["names"])
    return made


def romanised(country, name, *, name_automatic=None, **fields):
    made = institution(country, name, **fields)
    create_institution_name(institution=made, text=name_automatic or made.name_en, kind="automatic")
    return made


def contact(country, name, day, *, is_public=True, **fields):
    made = institution(country, name, contact=False, **fields)
    if not is_public:
        create_contact(institution=made, kind="phone", **checked(months_ago(1)))
    return create_contact(institution=made, is_public=is_public, **checked(day))


def post(country, name, *, at=None, seen=None, **fields):
    at = at or institution(country, f"Studio of {name}")
    person = create_person(name_en=f"{name} {country.code}", country=country)
    return create_position(person=person, institution=at, as_of=seen, **fields)


def post_contact(country, name, day, *, is_public=True, **fields):
    return create_contact(position=post(country, name, **fields), is_public=is_public, **checked(day))


def followed_post(country, name, **fields):
    """Create a post in whose seat somebody else was seen later."""
    earlier = post(country, name, seat="director", **fields)
    post(country, f"Successor of {name}", at=earlier.institution, seat="director", seen=months_ago(0), role="head")
    return earlier


TWO_YEARS, ONE_YEAR, HALF = 24, 12, 18
CONTACTS = {
    "never-confirmed": (
        lambda make, country: [make(country, "Never", None)],
        lambda make, country: [
            make(country, "Once", months_ago(60)),
            make(country, "Kept back", None, is_public=False),
        ],
    ),
    "unconfirmed": (
        lambda make, country: [
            make(country, "A day over", months_ago(TWO_YEARS, days_more=1)),
            make(country, "Long ago", "2010"),
        ],
        lambda make, country: [
            make(country, "Just two years", months_ago(TWO_YEARS)),
            make(country, "Never", None),
            make(country, "Kept back", "2010", is_public=False),
        ],
    ),
    "ageing": (
        lambda make, country: [
            make(country, "A day over", months_ago(ONE_YEAR, days_more=1)),
            make(country, "Just two years", months_ago(TWO_YEARS)),
        ],
        lambda make, country: [
            make(country, "Just one year", months_ago(ONE_YEAR)),
            make(country, "Over two years", months_ago(TWO_YEARS, days_more=1)),
            make(country, "Never", None),
        ],
    ),
}


def drafts(create, **fields):
    """Create drafts, and published and archived records, which are no task."""

    def of_state(state):
        def make(country):
            where = {"countries": [country]} if create is create_film else {"country": country}
            return [create(name_en=f"{state} {country.code}", publication_state=state, **where, **fields)]

        return make

    return of_state("draft"), lambda country: [*of_state("published")(country), *of_state("archived")(country)]


def draft_institutions():
    waiting, others = drafts(create_institution)
    return waiting, lambda country: [*others(country), institution(country, "Whole")]


# For every task: makes records that want it done, and records that come near but don't.
CASES = {
    f"institutions.institutioncontact/contacts-{name}": (
        lambda country, waiting=waiting: waiting(contact, country),
        lambda country, others=others: [
            *others(contact, country),
            contact(country, "Contact of a draft", None, publication_state="draft"),
            contact(country, "Contact in the archive", "2010", publication_state="archived"),
        ],
    )
    for name, (waiting, others) in CONTACTS.items()
}
CASES |= {
    f"people.positioncontact/post-contacts-{name}": (
        lambda country, waiting=waiting: waiting(post_contact, country),
        lambda country, others=others: [
            *others(post_contact, country),
            post_contact(country, "Gone", None, until="2020"),
            post_contact(country, "Hidden post", "2010", **{"is_public": False}),
        ],
    )
    for name, (waiting, others) in CONTACTS.items()
}
CASES |= {
    "institutions.institution/without-contact": (
        lambda country: ([institution(country, "Silent", contact=False), _with_hidden_contact(country)]),
        lambda country: [
            institution(country, "Reachable"),
            institution(country, "Closed", contact=False, status="closed"),
            institution(country, "Merged", contact=False, status="merged"),
            institution(country, "Draft", contact=False, publication_state="draft"),
        ],
    ),
    "institutions.institution/without-phone-and-email": (
        lambda country: [
            institution(country, "Silent", contact=False),
            _with_contact(country, "website"),
            _with_contact(country, "fax"),
            _with_contact(country, "phone", is_public=False),
        ],
        lambda country: [
            institution(country, "Written to"),
            _with_contact(country, "phone"),
            _with_contact(country, "whatsapp"),
            institution(country, "Closed", contact=False, status="closed"),
            institution(country, "Draft", contact=False, publication_state="draft"),
        ],
    ),
    "institutions.institution/without-russian-name": (
        lambda country: [institution(country, "Unnamed", name_ru="")],
        lambda country: [
            institution(country, "Named"),
            institution(country, "Draft", name_ru="", publication_state="draft"),
        ],
    ),
    "institutions.institution/romanised-name": (
        lambda country: [romanised(country, "By rule")],
        lambda country: [
            institution(country, "Named"),
            romanised(country, "Named since", name_automatic="Named by rule"),
            romanised(country, "Draft", publication_state="draft"),
        ],
    ),
    "institutions.institution/without-native-name": (
        lambda country: [institution(country, "Unnamed", name_native="", native_language="")],
        lambda country: [
            institution(country, "Named"),
            institution(country, "Archived", name_native="", native_language="", publication_state="archived"),
        ],
    ),
    "institutions.institution/without-source": (
        lambda country: [institution(country, "Hearsay", source=False)],
        lambda country: [
            institution(country, "Documented"),
            institution(country, "Draft", source=False, publication_state="draft"),
        ],
    ),
    "people.position/heads-not-seen": (
        lambda country: [
            post(country, "A day over", role="head", seen=months_ago(HALF, days_more=1)),
            post(country, "Since long", role="head", since="2010"),
            post(country, "Without any date", role="head"),
        ],
        lambda country: [
            post(country, "Seen", role="head", seen=months_ago(HALF)),
            post(country, "Deputy", role="deputy", seen="2010"),
            post(country, "Gone", role="head", seen="2010", until="2011"),
            followed_post(country, "Followed", role="head", seen="2010"),
            post(country, "Not public", role="head", seen="2010", is_public=False),
        ],
    ),
    "institutions.institution/dead-links": (
        lambda country: [
            linked(country, "Dead website", website="dead"),
            linked(country, "Dead source", source="dead"),
        ],
        lambda country: [
            linked(country, "Working", website="works", source="works"),
            linked(country, "Bad day", website="failing"),
        ],
    ),
    "corrections.correction/open": (
        lambda country: [correction(country, "received"), correction(country, "received")],
        lambda country: [correction(country, "declined"), correction(country, "accepted")],
    ),
    "harvest.proposal/open": (
        lambda country: [proposal(country, "One"), proposal(country, "Two", reasons=["missing-twice"])],
        lambda country: [proposal(country, "Declined", state="declined", decided_at=timezone.now())],
    ),
    "harvest.proposal/contacts-missing": (
        lambda country: [proposal(country, "Gone", reasons=["missing-twice"])],
        lambda country: [proposal(country, "New")],
    ),
    "harvest.proposal/sites-changed": (
        lambda country: [proposal(country, "Sold", reasons=["site-changed"])],
        lambda country: [proposal(country, "New")],
    ),
    "search.suspectedduplicate/suspected": (
        lambda country: [pair(country, "Open")],
        lambda country: [pair(country, "Dismissed", is_dismissed=True)],
    ),
    "institutions.institution/drafts": draft_institutions(),
    "people.person/drafts": drafts(create_person),
    "institutions.programme/drafts": drafts(create_programme),
    "cooperation.event/drafts": drafts(create_event),
    "cooperation.film/drafts": drafts(create_film),
}


def proposal(country, name, **fields):
    return Proposal.objects.create(
        institution=institution(country, name),
        country=country,
        fact="founded",
        value={"founded": "1930"},
        origin="wikidata",
        **fields,
    )


def _with_contact(country, kind, *, is_public=True):
    made = institution(country, f"With {'public' if is_public else 'hidden'} {kind}", contact=False)
    create_contact(institution=made, kind=kind, is_public=is_public)
    return made


def _with_hidden_contact(country):
    made = institution(country, "Whispering", contact=False)
    create_contact(institution=made, is_public=False)
    return made


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def cells_of(response, task):
    """Return the cells of the task by the name of their country."""
    work = response.context["work"]
    return {row.name: cell for row in work.rows for cell in row.cells if cell.task is task}


def listed(response):
    if inbox := response.context.get("inbox"):
        return set(inbox.proposals)
    if "rows" in response.context:
        return {row.institution for row in response.context["rows"]}
    return set(response.context["cl"].queryset)


def test_every_task_has_its_case():
    assert {task.key for task in TASKS} == set(CASES)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.key)
def test_number_is_that_of_the_list_it_leads_to(client, task):
    make_waiting, make_others = CASES[task.key]
    for_tajikistan = make_waiting(create_country(code="TJ"))
    for_uzbekistan = make_waiting(create_country(code="UZ"))
    make_others(create_country(code="TJ"))
    client.force_login(create_editor())

    page = client.get("/admin/")
    cells = cells_of(page, task)
    (column,) = [column for column in page.context["work"].columns if column.task is task]
    response = open_form(client, cells["Tajikistan"].address)

    assert cells["Tajikistan"].number == len(for_tajikistan)
    assert cells["Uzbekistan"].number == len(for_uzbekistan)
    assert listed(response) == set(for_tajikistan)
    if task.model is Proposal:
        assert (response.context["inbox"].count, response.context["inbox"].task) == (len(for_tajikistan), task)
    elif not task.page:
        assert response.context["cl"].result_count == len(for_tajikistan)
        assert chosen_filters(response) == [str(task), "Tajikistan"]
    # The heading leads to the records of all countries.
    assert listed(open_form(client, column.address)) == {*for_tajikistan, *for_uzbekistan}

    limited = create_editor(username="limited")
    CountryLimit.objects.create(user=limited, country_code="UZ")
    client.force_login(limited)
    cells = cells_of(client.get("/admin/"), task)

    assert list(cells) == ["Uzbekistan"]
    assert cells["Uzbekistan"].number == len(for_uzbekistan)
    assert listed(open_form(client, cells["Uzbekistan"].address)) == set(for_uzbekistan)


def chosen_filters(response):
    changelist = response.context["cl"]
    return [
        choice["display"]
        for spec in changelist.filter_specs
        if spec.title in ("task", "country")
        for choice in spec.choices(changelist)
        if choice["selected"]
    ]


@pytest.mark.parametrize(
    ("model", "create"),
    [(Institution, create_institution), (Person, create_person), (Programme, create_programme), (Event, create_event)],
    ids=lambda value: value.__name__,
)
def test_records_without_a_country_have_a_row(desk, model, create):
    fields = {"is_international": True} if model is Institution else {}
    draft = create(publication_state="draft", **fields)

    (task,) = [task for task in TASKS if task.model is model and task.name == "drafts"]
    cell = cells_of(desk.get("/admin/"), task)["international, or no country given"]

    assert cell.number == 1
    assert listed(desk.get(cell.address)) == {draft}


def test_film_without_countries_has_a_row(desk):
    draft = create_film(publication_state="draft")

    (task,) = [task for task in TASKS if task.model is Film]
    cell = cells_of(desk.get("/admin/"), task)["international, or no country given"]

    assert (cell.number, listed(desk.get(cell.address))) == (1, {draft})


def test_film_of_two_countries_waits_in_both(desk):
    countries = [create_country(code="TJ"), create_country(code="UZ")]
    draft = create_film(publication_state="draft", countries=countries)

    (task,) = [task for task in TASKS if task.model is Film]
    cells = cells_of(desk.get("/admin/"), task)

    assert {name: cell.number for name, cell in cells.items()} == {"Tajikistan": 1, "Uzbekistan": 1}
    assert list(desk.get(cells["Uzbekistan"].address).context["cl"].queryset) == [draft]


@pytest.mark.parametrize(("code", "number"), [("RU", 0), ("TJ", 1)])
def test_russian_institutions_need_no_second_native_name(desk, code, number):
    institution(create_country(code=code), "Unnamed", name_native="", native_language="")

    found = Institution.objects.without_native_name()

    assert found.count() == number


def test_withheld_draft_does_not_wait():
    create_person(withheld=True, publication_state="draft")

    assert not Person.objects.drafts().exists()


@pytest.mark.parametrize(
    ("task_name", "made"),
    [
        ("contacts-unconfirmed", lambda country, day: contact(country, day, day)),
        ("post-contacts-unconfirmed", lambda country, day: post_contact(country, day, day)),
        ("heads-not-seen", lambda country, day: post(country, day, role="head", seen=day)),
    ],
)
def test_list_begins_with_the_oldest(desk, task_name, made):
    country = create_country(code="TJ")
    in_order = [made(country, day) for day in ["2012", "2009-05", "2015-01-31"]]
    (task,) = [task for task in TASKS if task.name == task_name]

    response = desk.get(cells_of(desk.get("/admin/"), task)["Tajikistan"].address)

    assert list(response.context["cl"].result_list) == [in_order[1], in_order[0], in_order[2]]


@pytest.mark.parametrize("choice", ["task=nonsense", "country=Tajikistan", "country=XX", "task=drafts&country="])
def test_choice_that_does_not_exist_is_refused_with_the_whole_list(desk, choice):
    response = desk.get(f"/admin/institutions/institution/?{choice}", follow=True)

    assert response.status_code == 200
    assert response.redirect_chain[0][0].endswith("?e=1")


def test_task_stands_beside_the_lists_of_sections_too(desk):
    silent = institution(create_country(code="TJ"), "Silent", contact=False)

    response = desk.get("/admin/institutions/studio/?task=without-contact")

    assert [studio.pk for studio in response.context["cl"].queryset] == [silent.pk]


@pytest.mark.parametrize("today", ["2026-01-01", "2026-05-01", "2026-05-31", "2024-02-29"])
@pytest.mark.parametrize("precision", [4, 7, 10])
def test_word_for_a_date_and_its_list_agree_on_every_day(today, precision, monkeypatch):
    day = datetime.date.fromisoformat(today)
    monkeypatch.setattr(timezone, "localdate", lambda: day)
    studio = create_institution()
    for months in [ONE_YEAR, TWO_YEARS]:
        limit = months_before(day, months)
        for near in [limit - ONE_DAY, limit, limit + ONE_DAY]:
            checked_on = checked(near.isoformat()[:precision])
            made = create_contact(institution=studio, value=f"{near}-{months}@example.org", **checked_on)
            model_admin = admin.site.get_model_admin(type(made))
            assert model_admin.model.objects.ageing().filter(pk=made.pk).exists() == (made.freshness == "ageing")
