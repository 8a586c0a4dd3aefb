"""Tests of results of link checks, dead links, the command, and the editors' view."""

import datetime
import io
from collections import Counter

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, execute_from_command_line
from django.urls import reverse
from django.utils import timezone

from editors.dashboard.models import ChangedColumn
from editors.withholding.withhold import withhold
from institutions.models import Institution, InstitutionContact
from people.models import Person, PositionContact
from records.link_checker import Finding
from records.link_checks import FAILING, LinkCheck, LinkOutcome
from records.link_uses import addresses_in_use
from records.management.commands.check_links import Command
from records.models import Source
from tests.admin_forms import page
from tests.constraint_cases import check, parametrize
from tests.factories import (
    add_second_factor,
    create_contact,
    create_editor,
    create_institution,
    create_person,
    create_position,
    create_source,
)
from tests.records.link_check_rows import CASES, URL, create_check

pytestmark = pytest.mark.django_db

WORKS, GONE = Finding(LinkOutcome.WORKS, 200), Finding(LinkOutcome.GONE, 404)


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def create_dead(url=URL, **fields):
    since = timezone.localdate() - datetime.timedelta(days=8)
    return create_check(url, **{"outcome": LinkOutcome.GONE, "failures": 2, "failing_since": since, **fields})


def note(finding, *, days_ago):
    """Store the result as of so many days ago."""
    check = LinkCheck.objects.record(URL, finding)
    moment = timezone.now() - datetime.timedelta(days=days_ago)
    first = check.failures == 1
    since = timezone.localdate(moment) if first else check.failing_since
    LinkCheck.objects.filter(pk=check.pk).update(checked_at=moment, failing_since=since)
    return LinkCheck.objects.get()


@parametrize(CASES)
def test_constraint_accepts_one_row_and_refuses_another(case):
    check(case)


# Dead or not ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("findings", "is_dead"),
    [
        ([(GONE, 9)], False),
        ([(GONE, 9), (GONE, 9)], False),
        ([(GONE, 9), (GONE, 2)], True),
        ([(GONE, 9), (Finding(LinkOutcome.NO_ANSWER), 2)], True),
        ([(GONE, 9), (WORKS, 2)], False),
        ([(GONE, 9), (WORKS, 5), (GONE, 2)], False),
        ([(GONE, 9), (Finding(LinkOutcome.REFUSED, 403), 2)], False),
        ([(Finding(LinkOutcome.CERTIFICATE), 9), (Finding(LinkOutcome.CERTIFICATE), 2)], False),
    ],
)
def test_link_is_dead_after_failing_on_two_days(findings, is_dead):
    for finding, days_ago in findings:
        stored = note(finding, days_ago=days_ago)

    assert stored.is_dead is is_dead
    assert LinkCheck.objects.dead().exists() is is_dead


@pytest.mark.parametrize("outcome", LinkOutcome)
def test_failures_are_counted_from_their_first_day(outcome):
    note(Finding(outcome), days_ago=9)
    stored = note(Finding(outcome), days_ago=2)

    nine_days_ago = timezone.localdate(timezone.now() - datetime.timedelta(days=9))
    expected = (2, nine_days_ago) if outcome in FAILING else (0, None)
    assert (stored.failures, stored.failing_since) == expected


def test_due_are_the_new_ones_and_then_those_looked_at_longest_ago():
    for url, days_ago in [("https://b/", 10), ("https://a/", 20), ("https://fresh/", 2)]:
        create_check(url, days_ago=days_ago)
    urls = {"https://fresh/", "https://b/", "https://a/", "https://new/"}

    assert LinkCheck.objects.due(urls, older_than_days=6) == ["https://new/", "https://a/", "https://b/"]


def test_addresses_of_all_rooms_are_looked_at_and_no_other_contacts():
    create_source(url="https://source.example/", snapshot_url="https://archive.example/")
    draft = create_institution(publication_state="draft")
    create_contact(institution=draft, kind="website", value="https://draft.example/", is_public=False)
    create_contact(institution=draft, kind="telegram", value="https://t.me/film")
    create_contact(institution=draft, kind="email")
    create_contact(position=create_position(institution=draft), kind="facebook", value="https://facebook.com/film")

    assert addresses_in_use() == {
        "https://source.example/",
        "https://draft.example/",
        "https://t.me/film",
        "https://facebook.com/film",
    }


# The command ---------------------------------------------------------------------------------------------------------


def run(*options):
    """Return the output of the command; it may not request this machine, so every link to it counts as not public."""
    output = io.StringIO()
    call_command("check_links", *options, stdout=output, stderr=output)
    return output.getvalue()


def all_rows_but_checks():
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        # The desk notes that there are new checks to count.
        if model not in (LinkCheck, ChangedColumn)
    }


def test_command_notes_what_it_finds_and_changes_nothing_else():
    create_source(url="http://127.0.0.1/page")
    contact = create_contact(
        kind="website", value="http://localhost:9/", checked_on="2024-03-01", check_method="letter"
    )
    before = all_rows_but_checks()

    output = run()

    assert dict(LinkCheck.objects.values_list("url", "outcome")) == {
        "http://127.0.0.1/page": "not-public",
        contact.value: "not-public",
    }
    assert all_rows_but_checks() == before
    told = output.splitlines()
    assert (told[0], told[-1]) == ("     2  not-public", "2 links looked at, 0 left, 0 dead in all")


def test_command_runs_from_the_terminal(capsys):
    create_source(url="http://127.0.0.1/page")

    execute_from_command_line(["manage.py", "check_links"])

    assert capsys.readouterr().out.endswith("1 links looked at, 0 left, 0 dead in all\n")


def test_command_goes_on_where_it_stopped():
    for number in range(5):
        create_source(url=f"http://127.0.0.1/{number}")

    assert "2 links looked at, 3 left" in run("--limit", "2")
    assert LinkCheck.objects.count() == 2
    assert "3 links looked at, 0 left" in run("--limit", "3")
    assert "0 links looked at, 0 left" in run()
    assert LinkCheck.objects.count() == 5


def test_command_looks_again_after_the_days_that_are_asked_for():
    create_source(url="http://127.0.0.1/")
    create_check("http://127.0.0.1/", days_ago=3)

    assert "0 links looked at" in run()
    assert "1 links looked at" in run("--older-than", "2")


def test_command_keeps_to_a_host_and_looks_again_at_once():
    for host in ("127.0.0.1", "localhost"):
        create_source(url=f"http://{host}/")
        create_check(f"http://{host}/", outcome=LinkOutcome.WORKS)

    run("--host", "LOCALHOST")

    assert LinkCheck.objects.get(outcome="not-public").url == "http://localhost/"


def test_command_forgets_addresses_that_nothing_names():
    create_check("https://gone.example/")

    run()

    assert not LinkCheck.objects.exists()


@pytest.mark.parametrize("options", [["--limit", "0"], ["--limit", "-1"], ["--older-than", "-1"]])
def test_command_refuses_nonsense(options):
    with pytest.raises(CommandError, match="at least"):
        run(*options)


@pytest.mark.parametrize(
    ("last", "noted"),
    [
        (Finding(LinkOutcome.NO_ANSWER), 0),
        (None, 0),
        (Finding(LinkOutcome.NOT_PUBLIC), 1),
        (GONE, 3),
        (WORKS, 3),
    ],
)
def test_silence_is_only_noted_when_some_site_answered(last, noted):
    """Check that failures are stored only after a site answered: without a network all sites fail."""
    command = Command(stdout=io.StringIO(), stderr=io.StringIO())
    command.counts, command.shows_progress = Counter(), False
    findings = [("https://a/", Finding(LinkOutcome.NO_HOST)), ("https://b/", Finding(LinkOutcome.NO_ANSWER))]

    command.note_all([*findings, ("https://c/", last)], 3, proven=False)

    assert LinkCheck.objects.count() == noted


# What editors see ----------------------------------------------------------------------------------------------------


def test_dead_link_is_marked_in_the_forms_and_lists(desk):
    create_dead()
    studio = create_institution()
    source = create_source(url=URL)
    contact = create_contact(institution=studio, kind="website", value=URL)
    post_contact = create_contact(position=create_position(institution=studio), kind="website", value=URL)
    other = create_contact(institution=studio, kind="website", value="https://works.example/")
    marked = [
        page(Institution, "change", studio.pk),
        page(InstitutionContact, "changelist"),
        page(InstitutionContact, "change", contact.pk),
        page(PositionContact, "changelist"),
        page(PositionContact, "change", post_contact.pk),
        page(Source, "changelist"),
        page(Source, "change", source.pk),
        f"{page(InstitutionContact, 'confirm')}?contacts={contact.pk}",
    ]

    for address in marked:
        assert desk.get(address).content.decode().count("link dead since") == 1, address
    assert "link dead since" not in desk.get(page(InstitutionContact, "change", other.pk)).content.decode()


@pytest.mark.parametrize("model", [Institution, InstitutionContact, Source, Person, PositionContact])
def test_lists_are_narrowed_to_dead_links(desk, model):
    create_dead()
    source = create_source(url=URL)
    studio = create_institution()
    person = create_person()
    position = create_position(person=person, institution=create_institution(name_en="Without"), source=source)
    records = {
        Institution: studio,
        Person: person,
        Source: source,
        InstitutionContact: create_contact(institution=studio, kind="website", value=URL),
        PositionContact: create_contact(position=position, kind="website", value=URL),
    }
    create_contact(institution=create_institution(name_en="Alive"), kind="website", value="https://works.example/")
    create_source(url="https://works.example/")
    create_person(name_en="Alive Person")

    response = desk.get(page(model, "changelist"), {"link": "dead"})

    assert list(response.context["cl"].result_list) == [records[model]]


@pytest.mark.parametrize("tie", ["contact", "source"])
def test_records_with_dead_links_are_told_by_country(tie):
    create_dead()
    studio = create_institution()
    if tie == "contact":
        create_contact(institution=studio, kind="website", value=URL)
    else:
        studio.record_sources.create(source=create_source(url=URL), supports=["names"])
    create_institution(name_en="Alive")

    assert list(Institution.objects.with_dead_links().values_list("country", "key")) == [("TJ", "tajikfilm")]


def test_list_of_links_names_the_records_that_use_them(desk):
    create_dead()
    create_check("https://moved.example/", outcome=LinkOutcome.MOVED, final_url="https://new.example/")
    studio = create_institution()
    create_contact(institution=studio, kind="website", value=URL)
    studio.record_sources.create(source=create_source(url=URL), supports=["names"])
    person = create_person()
    person.record_sources.create(source=Source.objects.get(), supports=["names"])

    everything = desk.get(page(LinkCheck, "changelist")).content.decode()
    dead = desk.get(page(LinkCheck, "changelist"), {"state": "dead"}).context["cl"].result_list
    moved = desk.get(page(LinkCheck, "changelist"), {"state": "moved"}).context["cl"].result_list

    assert everything.count(page(Institution, "change", studio.pk)) == 1
    assert everything.count(page(Person, "change", person.pk)) == 1
    assert [check.url for check in dead] == [URL]
    assert [check.final_url for check in moved] == ["https://new.example/"]
    assert "Tajikfilm" in desk.get(page(LinkCheck, "change", dead[0].pk)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_links_opens_at_a_fixed_number_of_queries(desk, count, django_assert_num_queries):
    for number in range(count):
        url = f"https://{number}.example/"
        create_dead(url)
        studio = create_institution(name_en=f"Studio {number}")
        create_contact(institution=studio, kind="website", value=url)
        person = create_person(name_en=f"Person Number{number}")
        create_contact(position=create_position(person=person, institution=studio), kind="website", value=url)
        studio.record_sources.create(source=create_source(url=url), supports=["names"])

    desk.get(page(LinkCheck, "changelist"))
    with django_assert_num_queries(16):
        desk.get(page(LinkCheck, "changelist"))


@pytest.mark.parametrize("name", ["add", "change", "delete"])
def test_link_checks_can_only_be_looked_up(admin_client, name):
    check = create_dead()
    arguments = [] if name == "add" else [check.pk]

    response = admin_client.post(page(LinkCheck, name, *arguments), {"url": "https://other.example/", "post": "yes"})

    assert response.status_code == 403
    assert LinkCheck.objects.get().url == URL


def test_link_checks_are_closed_to_staff_without_permission(client, django_user_model):
    client.force_login(add_second_factor(django_user_model.objects.create_user("helper", is_staff=True)))

    assert client.get(reverse("admin:sources_linkcheck_changelist")).status_code == 403


def test_link_check_of_somebody_withheld_goes_with_them():
    create_dead()
    position = create_position()
    create_contact(position=position, kind="website", value=URL)

    withhold(position.person, reason="letter")

    assert not LinkCheck.objects.exists()
