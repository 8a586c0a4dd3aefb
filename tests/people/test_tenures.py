"""Tests of what triggers keep of posts: whether they are shown, and between which days they are held."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from people.models import Person, Position, PositionSource
from records.base import PublicationState
from tests.factories import create_institution, create_person, create_position, create_source

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
TOMORROW = (TODAY + datetime.timedelta(days=1)).isoformat()


@pytest.fixture
def post():
    """Return a post of 2020 in a seat of a studio."""
    return create_position(person=create_person(name_en="Old"), seat="director", as_of="2020")


def follow(post, **fields):
    person = Person.objects.filter(name_en="New").first() or create_person(name_en="New")
    return create_position(person=person, institution=post.institution, seat="director", **fields)


@pytest.mark.parametrize("dates", [{"since": TOMORROW}, {"since": TOMORROW, "as_of": TODAY.isoformat()}])
def test_holder_stays_in_post_until_the_successor_begins(post, dates):
    successor = follow(post, **dates)
    post.refresh_from_db()

    assert list(Position.objects.current()) == list(Position.objects.current().unfollowed()) == [post]
    assert (post.is_over, post.held_until) == (False, TODAY)

    Position.objects.filter(pk=successor.pk).update(since=TODAY.isoformat())
    post.refresh_from_db()

    assert list(Position.objects.current()) == [successor]
    assert post.is_over
    assert post not in Position.objects.unfollowed()


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def save_stale(successor):
    """Save a post from a form that was opened before its successor was entered."""
    stale = Position.objects.get(person__name_en="Old")
    Position.objects.filter(pk=successor.pk).update(as_of="2023")
    stale.save()


def hide_new_person(**fields):
    Person.objects.filter(name_en="New").update(publication_state=PublicationState.ARCHIVED, **fields)


def add_page(successor):
    PositionSource.objects.create(position=successor, source=create_source(), as_of="2019-02")


def remove_page(successor):
    add_page(successor)
    successor.older_sources.all().delete()


# Each way to change the newer of two posts, by when it follows the older one afterwards, and from which day it is sure.
CHANGES = {
    "nothing": (lambda newer: None, "2022", datetime.date(2022, 12, 31)),
    "saved": (lambda newer: (setattr(newer, "as_of", "2021-05"), newer.save()), "2021-05", datetime.date(2021, 5, 31)),
    "updated": (lambda newer: Position.objects.update(since="2021"), "2021", datetime.date(2021, 12, 31)),
    "sql": (
        lambda newer: sql("UPDATE people_position SET as_of = '2024' WHERE id = %s", newer.pk),
        "2024",
        datetime.date(2024, 12, 31),
    ),
    "columns-overwritten": (
        lambda newer: sql("UPDATE people_position SET followed_on = NULL, sure_from = NULL, held_until = '1900-01-01'"),
        "2022",
        datetime.date(2022, 12, 31),
    ),
    "stale": (save_stale, "2023", datetime.date(2023, 12, 31)),
    "older-page": (add_page, "2022", datetime.date(2019, 2, 28)),
    "older-page-removed": (remove_page, "2022", datetime.date(2022, 12, 31)),
    "another-seat": (lambda newer: Position.objects.filter(pk=newer.pk).update(seat="chair"), None, None),
    "another-body": (
        lambda newer: Position.objects.filter(pk=newer.pk).update(institution=create_institution(name_en="Other")),
        None,
        None,
    ),
    "not-public": (lambda newer: Position.objects.filter(pk=newer.pk).update(is_public=False), None, None),
    "deleted": (lambda newer: newer.delete(), None, None),
    "deleted-by-sql": (lambda newer: sql("DELETE FROM people_position WHERE id = %s", newer.pk), None, None),
    "person-archived": (
        lambda newer: hide_new_person(),
        None,
        None,
    ),
    "person-withheld": (lambda newer: hide_new_person(withheld=True), None, None),
}


@pytest.mark.parametrize(("change", "followed_on", "sure_from"), CHANGES.values(), ids=CHANGES)
def test_each_way_to_change_a_post_keeps_it_and_those_in_its_seat(post, change, followed_on, sure_from):
    newer = follow(post, as_of="2022")

    change(newer)

    post.refresh_from_db()
    assert post.followed_on == followed_on
    assert followed_on is None or Position.objects.get(pk=newer.pk).sure_from == sure_from


def test_many_posts_in_one_statement_follow_each_other():
    studio, people = create_institution(), [create_person(name_en=f"Person {year}") for year in range(2018, 2021)]
    words = {"institution": studio, "title_en": "Director", "seat": "director"}
    Position.objects.bulk_create(Position(person=one, as_of=one.name_en[-4:], **words) for one in people)

    found = Position.objects.order_by("as_of").values_list("followed_on", flat=True)

    assert list(found) == ["2019", "2020", None]


def test_post_is_shown_and_held_with_its_institution(post):
    body = post.institution
    body.publication_state, body.founded = PublicationState.ARCHIVED, "2015"
    body.save()
    post.refresh_from_db()
    assert (post.is_shown, post.held_from, post.held_until) == (False, datetime.date(2015, 1, 1), datetime.date.max)

    type(body).objects.update(publication_state=PublicationState.PUBLISHED, closed="2021-02")
    post.refresh_from_db()
    assert (post.is_shown, post.held_until) == (True, datetime.date(2021, 2, 28))


def test_only_posts_that_change_are_written_again(post):
    newer = follow(post, as_of="2022")
    sql("DELETE FROM search_changedrecord")

    Position.objects.filter(pk=newer.pk).update(title_en="Acting director")

    with connection.cursor() as cursor:
        cursor.execute("SELECT record_id FROM search_changedrecord")
        assert cursor.fetchall() == [(newer.person_id,)]


@pytest.mark.django_db(transaction=True)
def test_post_that_is_entered_while_its_person_is_withheld_is_not_shown():
    create_person(name_en="New")
    is_entered = threading.Event()

    def enter():
        is_entered.set()
        create_position(person=Person.objects.get(), body_name="Jury")
        connection.close()

    other = threading.Thread(target=enter)
    with transaction.atomic():
        hide_new_person(withheld=True)
        other.start()
        is_entered.wait(10)
        other.join(0.3)
    other.join(10)

    assert list(Position.objects.values_list("is_shown", flat=True)) == [False]
