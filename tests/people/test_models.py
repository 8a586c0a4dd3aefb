"""Tests of people and their posts: constraints, who holds a post when, and succession."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from languages.partial_dates import PartialDate
from people.models import Person, PersonName, PersonSource, Position, PositionContact, PositionSource
from records.base import PublicationState
from records.checks import months_before
from records.models import Source
from tests.constraint_cases import (
    Case,
    check,
    constraints_of_app,
    contact_cases,
    name_cases,
    parametrize,
    period,
    record_cases,
    shape_of_partial_date,
    source_cases,
)
from tests.factories import create_institution, create_person, create_position, create_source

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YESTERDAY = (TODAY - datetime.timedelta(days=1)).isoformat()
TOMORROW = (TODAY + datetime.timedelta(days=1)).isoformat()


def months_ago(months):
    return months_before(TODAY, months).isoformat()


def a_source():
    return Source.objects.first() or create_source()


def the_person():
    return Person.objects.first() or create_person()


def the_post():
    return Position.objects.first() or create_position()


def a_person_name(**fields):
    return PersonName.objects.create(**{"person": the_person(), "text": "Film"} | fields)


def a_person_source(**fields):
    return PersonSource.objects.create(person=the_person(), source=a_source(), **fields)


def a_post(**fields):
    return Position.objects.create(**{"person": the_person(), "body_name": "Jury", "title_en": "Director"} | fields)


def an_older_source(**fields):
    return PositionSource.objects.create(**{"position": the_post(), "source": a_source()} | fields)


def a_contact(**fields):
    contact = {"position": the_post(), "kind": "email", "value": "info@example.org"}
    return PositionContact.objects.create(**contact | fields)


CASES = [
    *record_cases("person", create_person),
    Case(
        "person_withheld_is_not_published",
        create_person,
        {"withheld": True, "publication_state": "archived"},
        {"withheld": True, "publication_state": "published"},
    ),
    Case(
        "person_withheld_reason_known",
        create_person,
        {"withheld": True, "withheld_reason": "letter"},
        {"withheld": True, "withheld_reason": "dream"},
    ),
    Case(
        "person_reason_only_when_withheld",
        create_person,
        {"withheld": True, "withheld_on": "2026-01-01"},
        {"withheld_on": "2026-01-01"},
    ),
    *name_cases("personname", a_person_name),
    *source_cases("personsource", a_person_source),
    Case(
        "position_at_one_body",
        a_post,
        {"institution": None, "body_name": "Jury"},
        {"institution": create_institution, "body_name": "Jury"},
    ),
    Case("position_title_given", a_post, {"title_en": "Director"}, {"title_en": ""}),
    Case("position_role_known", a_post, {"role": "deputy"}, {"role": "king"}),
    Case("position_seat_shape", a_post, {"seat": "first-deputy"}, {"seat": "First Deputy"}),
    shape_of_partial_date("position_since_shape", a_post, "since"),
    shape_of_partial_date("position_until_shape", a_post, "until"),
    shape_of_partial_date("position_as_of_shape", a_post, "as_of"),
    period("position_period", a_post),
    Case("position_once", a_post, {"since": None, "as_of": "2024"}, {"since": None, "as_of": "2025"}, together=True),
    Case("positionsource_once", an_older_source, {"as_of": "2024"}, {"as_of": "2025"}, together=True),
    shape_of_partial_date("positionsource_as_of_shape", an_older_source, "as_of"),
    *contact_cases("positioncontact", a_contact),
]


@parametrize(CASES)
def test_constraint_accepts_one_row_and_refuses_another(case):
    check(case)


def test_every_constraint_of_the_room_has_a_case():
    assert {case.name for case in CASES} == constraints_of_app("people")


def test_post_at_no_body_at_all_is_refused():
    with pytest.raises(IntegrityError, match='"position_at_one_body"'), transaction.atomic():
        a_post(institution=None, body_name="")


# A post of one person, alone in its seat: on which dates does the list of people show it?
@pytest.mark.parametrize(
    ("post", "day", "is_held"),
    [
        pytest.param({"since": "2019"}, "2018", False, id="before-the-year-of-the-start"),
        pytest.param({"since": "2019"}, "2019", True, id="in-the-year-of-the-start"),
        pytest.param({"since": "2019"}, "2019-01-01", True, id="on-a-day-of-the-year-of-the-start"),
        pytest.param({"since": "2019-05"}, "2019-04-30", False, id="a-day-before-the-month-of-the-start"),
        pytest.param({"since": "2019-05"}, "2019-05-01", True, id="first-day-of-the-month-of-the-start"),
        pytest.param({"since": "2019-05-20"}, "2019-05", True, id="month-in-which-it-starts"),
        pytest.param({"since": "2019", "until": "2021"}, "2021-12-31", True, id="last-day-of-the-year-of-the-end"),
        pytest.param({"since": "2019", "until": "2021"}, "2022", False, id="year-after-the-end"),
        pytest.param({"since": "2019", "until": "2021-05"}, "2021-05-31", True, id="last-day-of-the-month-of-the-end"),
        pytest.param({"since": "2019", "until": "2021-05"}, "2021-06-01", False, id="day-after-the-month-of-the-end"),
        pytest.param({"since": "2019", "until": "2021-05-10"}, "2021", True, id="year-in-which-it-ends"),
        pytest.param({"until": "2021"}, "1980", True, id="unknown-start-hides-nobody"),
        pytest.param({"until": "2021"}, "2022", False, id="unknown-start-with-an-end"),
        pytest.param({"since": "2019"}, "2060", True, id="unknown-end-hides-nobody"),
        pytest.param({}, "1990", True, id="no-date-at-all"),
        pytest.param({"until": "2021"}, "1950", False, id="longer-before-the-end-than-anybody-holds-a-post"),
        pytest.param({"since": "2019"}, "2090", False, id="longer-after-the-start-than-anybody-holds-a-post"),
        pytest.param({}, "1950", False, id="undated-counts-from-today"),
        pytest.param({"as_of": "2024-03"}, "2010", True, id="seen-later-may-have-begun-before"),
        pytest.param({"as_of": "2024-03"}, "2025", True, id="seen-before-may-go-on"),
    ],
)
def test_held_on_follows_what_is_known_of_the_period(post, day, is_held):
    create_position(seat="director", **post)

    assert Position.objects.held_on(day).exists() is is_held


def certainty_of(post, day):
    """Return whether a post is held on the day: documented, possible, or None for not at all."""
    found = Position.objects.held_on(day).filter(pk=post.pk).first()
    return None if found is None else "documented" if found.is_documented else "possible"


# A post of one person, alone in its seat: on which dates do pages leave no doubt?
@pytest.mark.parametrize(
    ("post", "day", "certainty"),
    [
        pytest.param({"as_of": "2019-05"}, "2019-05", "documented", id="month-of-the-page"),
        pytest.param({"as_of": "2019-05"}, "2019", "documented", id="year-of-the-page"),
        pytest.param({"as_of": "2019-05"}, "2019-05-07", "possible", id="which-day-of-the-month-the-page-leaves-open"),
        pytest.param({"as_of": "2019-05"}, "2019-04", "possible", id="before-the-page"),
        pytest.param({"as_of": "2019-05"}, "2019-06", "possible", id="after-the-page"),
        pytest.param({"as_of": "2019-05-07"}, "2019-05-07", "documented", id="day-of-the-page"),
        pytest.param({"since": "2015", "until": "2020"}, "2017-03-01", "documented", id="between-start-and-end"),
        pytest.param({"since": "2015", "until": "2020"}, "2015", "documented", id="year-of-the-start"),
        pytest.param({"since": "2015", "until": "2020"}, "2015-06", "possible", id="part-of-the-year-of-the-start"),
        pytest.param({"since": "2015", "until": "2020"}, "2015-12-31", "documented", id="last-day-to-start-on"),
        pytest.param({"since": "2015", "until": "2020"}, "2015-12", "documented", id="last-month-to-start-in"),
        pytest.param({"since": "2015", "until": "2020"}, "2020-01-01", "documented", id="first-day-to-end-on"),
        pytest.param({"since": "2015", "until": "2020"}, "2020-02", "possible", id="part-of-the-year-of-the-end"),
        pytest.param({"since": "2015", "until": "2020"}, "2021", None, id="after-the-end"),
        pytest.param({"since": "2016-02", "until": "2017"}, "2016-02-29", "documented", id="last-day-of-a-leap-month"),
        pytest.param({"since": "2015", "as_of": "2024-03"}, "2020", "documented", id="until-the-page"),
        pytest.param({"since": "2015", "as_of": "2024-03"}, "2024-03", "documented", id="month-of-the-newest-page"),
        pytest.param({"since": "2015", "as_of": "2024-03"}, "2024-04", "possible", id="after-the-newest-page"),
        pytest.param({"since": "2015"}, "2016", "possible", id="a-start-alone-says-nothing-of-the-next-year"),
        pytest.param({"until": "2020", "as_of": "2025"}, "2022", None, id="page-that-tells-of-the-end"),
        pytest.param({"until": "2020", "as_of": "2025"}, "2019", "possible", id="before-an-end-without-start"),
        pytest.param({"until": "2020-03", "as_of": "2018"}, "2019", "documented", id="between-page-and-end"),
        pytest.param({"since": "2026", "as_of": "2025-12"}, "2025-12", None, id="page-that-announces-the-start"),
        pytest.param({}, "2020", "possible", id="no-date-at-all"),
    ],
)
def test_post_is_documented_where_pages_leave_no_doubt(post, day, certainty):
    assert certainty_of(create_position(seat="director", **post), day) == certainty


@pytest.mark.parametrize(
    ("post", "day", "certainty"),
    [
        pytest.param({"as_of": "2024"}, "2022", "documented", id="between-the-pages"),
        pytest.param({"as_of": "2024"}, "2020-09", "possible", id="before-the-older-page"),
        pytest.param({"since": "2021", "as_of": "2024"}, "2020", None, id="older-page-before-the-start"),
        pytest.param({}, "2020-10", "documented", id="newest-page-without-date"),
        pytest.param({}, "2020-11", "possible", id="after-the-only-page-with-a-date"),
    ],
)
def test_older_pages_document_a_post_too(post, day, certainty):
    position = create_position(**post)
    PositionSource.objects.create(position=position, source=a_source(), as_of="2020-10")

    assert certainty_of(position, day) == certainty


@pytest.mark.parametrize(
    ("institution", "post", "day", "certainty"),
    [
        pytest.param({"founded": "2015"}, {"as_of": "2019"}, "2014", None, id="before-it-was-founded"),
        pytest.param({"founded": "2015"}, {"as_of": "2019"}, "2015-01", "possible", id="in-the-year-it-was-founded"),
        pytest.param({"founded": "2015"}, {}, "2014", None, id="undated-before-it-was-founded"),
        pytest.param({"founded": "2015"}, {"since": "2012", "as_of": "2019"}, "2013", "documented", id="pages-say-so"),
        pytest.param({"closed": "2021-06"}, {"as_of": "2019"}, "2021-06", "possible", id="in-the-month-it-closed"),
        pytest.param({"closed": "2021-06"}, {"as_of": "2019"}, "2021-07", None, id="after-it-closed"),
    ],
)
def test_post_is_not_possible_where_its_institution_was_not(institution, post, day, certainty):
    position = create_position(institution=create_institution(**institution), **post)

    assert certainty_of(position, day) == certainty


def test_nobody_is_in_post_today_at_an_institution_that_closed():
    post = create_position(institution=create_institution(closed="2021"), as_of="2020")

    assert not Position.objects.current().exists()
    assert Position.objects.get(pk=post.pk).is_over


# Two holders of one seat: is the first one's post possible or documented on the day?
@pytest.mark.parametrize(
    ("post", "other", "day", "certainty"),
    [
        pytest.param({"as_of": "2025"}, {"as_of": "2020-01-31"}, "2019", None, id="before-an-older-holder"),
        pytest.param({"as_of": "2025"}, {"as_of": "2020-01-31"}, "2020", "possible", id="in-the-older-ones-year"),
        pytest.param({"as_of": "2025"}, {"as_of": "2020-01-31"}, "2022", "possible", id="between-both"),
        pytest.param({"as_of": "2020"}, {"since": "2022-06"}, "2022-06", "possible", id="in-the-month-of-the-change"),
        pytest.param({"as_of": "2020"}, {"since": "2022-06"}, "2022-07", None, id="after-the-change"),
        pytest.param({}, {"since": "2018", "until": "2020"}, "2019", None, id="undated-while-another-is-documented"),
        pytest.param({}, {"since": "2018", "until": "2020"}, "2018-05", "possible", id="undated-while-another-may-be"),
        pytest.param({}, {"since": "2018", "until": "2020"}, "2021", "possible", id="undated-after-another"),
        pytest.param({"since": "2018", "as_of": "2022"}, {"as_of": "2020"}, "2020", "documented", id="pages-disagree"),
        pytest.param({"as_of": "2025"}, {"as_of": "2020", "seat": ""}, "2019", "possible", id="no-single-seat"),
        pytest.param({"as_of": "2025"}, {"as_of": "2020", "is_public": False}, "2019", "possible", id="hidden-other"),
    ],
)
def test_post_is_not_possible_while_somebody_else_holds_the_seat(post, other, day, certainty):
    studio = create_institution()
    position = create_position(person=create_person(name_en="One"), institution=studio, seat="director", **post)
    create_position(**{"person": create_person(name_en="Other"), "institution": studio, "seat": "director"} | other)

    assert certainty_of(position, day) == certainty


def test_older_page_of_another_holder_leaves_no_room_either():
    studio = create_institution()
    post = create_position(person=create_person(name_en="One"), institution=studio, seat="director", as_of="2020")
    other = create_position(person=create_person(name_en="Other"), institution=studio, seat="director", as_of="2026")
    PositionSource.objects.create(position=other, source=a_source(), as_of="2024")

    assert certainty_of(post, "2023") == "possible"
    assert certainty_of(post, "2025") is None


# Two holders of one seat: does the older one still count as in post on the day, and today?
@pytest.mark.parametrize(
    ("older", "newer", "day", "is_held"),
    [
        pytest.param({"as_of": "2020"}, {"since": "2022"}, "2021", True, id="before-the-newer-one-begins"),
        pytest.param({"as_of": "2020"}, {"since": "2022"}, "2022", True, id="in-the-year-of-the-change"),
        pytest.param({"as_of": "2020"}, {"since": "2022"}, "2023", False, id="after-the-change"),
        pytest.param({"as_of": "2020"}, {"as_of": "2022-06"}, "2022-07", False, id="newer-one-only-seen"),
        pytest.param({"since": "2018"}, {"since": "2022", "until": "2023"}, "2024", False, id="newer-one-ended-too"),
        pytest.param(
            {"as_of": "2020", "until": "2024"}, {"as_of": "2022"}, "2023", True, id="a-known-end-beats-a-guess"
        ),
        pytest.param({}, {"since": "2022"}, "2030", True, id="undated-is-not-superseded"),
        pytest.param({"since": "2018"}, {}, "2030", True, id="undated-does-not-supersede"),
        pytest.param({"as_of": "2022"}, {"as_of": "2022"}, "2030", True, id="seen-together-supersedes-neither"),
    ],
)
def test_held_on_lets_a_newer_holder_of_the_seat_follow(older, newer, day, is_held):
    studio = create_institution()
    post = create_position(person=create_person(name_en="Old"), institution=studio, seat="director", **older)
    create_position(person=create_person(name_en="New"), institution=studio, seat="director", **newer)

    assert (post in Position.objects.held_on(day)) is is_held


@pytest.mark.parametrize(
    ("newer", "followed_on"),
    [
        pytest.param({"since": "2022-05"}, "2022-05", id="by-its-start"),
        pytest.param({"as_of": "2022-06"}, "2022-06", id="by-the-page-that-names-the-person"),
        pytest.param({"since": "2021", "as_of": "2023"}, "2021", id="by-the-earlier-of-both"),
        pytest.param({"until": "2023"}, "2023", id="by-its-end-at-the-latest"),
        pytest.param({"since": "2030", "as_of": "2022"}, "2030", id="not-by-a-page-that-announces-it"),
        pytest.param({"since": "2022", "seat": "chair"}, None, id="not-in-another-seat"),
        pytest.param({"since": "2022", "seat": ""}, None, id="not-without-a-seat"),
        pytest.param({"since": "2022", "is_public": False}, None, id="not-by-a-hidden-post"),
        pytest.param({"since": "2019", "as_of": "2019"}, None, id="not-by-an-older-one"),
    ],
)
def test_post_tells_from_when_somebody_newer_is_seen(newer, followed_on):
    studio = create_institution()
    post = create_position(person=create_person(name_en="Old"), institution=studio, seat="director", as_of="2020")
    create_position(
        **{"person": create_person(name_en="New"), "institution": studio, "seat": "director", **newer},
    )

    assert Position.objects.get(pk=post.pk).followed_on == followed_on


def test_succession_keeps_apart_the_same_seat_at_two_institutions():
    post = create_position(seat="director", as_of="2020")
    create_position(
        person=create_person(name_en="New"),
        institution=create_institution(name_en="Uzbekfilm"),
        seat="director",
        as_of="2022",
    )

    assert Position.objects.get(pk=post.pk).followed_on is None


def test_succession_keeps_apart_posts_without_a_seat():
    studio = create_institution()
    post = create_position(person=create_person(name_en="Old"), institution=studio, as_of="2020")
    create_position(person=create_person(name_en="New"), institution=studio, as_of="2022")

    assert Position.objects.get(pk=post.pk).followed_on is None


def test_succession_ignores_a_withheld_successor():
    studio = create_institution()
    post = create_position(person=create_person(name_en="Old"), institution=studio, seat="director", as_of="2020")
    withheld = create_person(name_en="New", withheld=True)
    create_position(person=withheld, institution=studio, seat="director", as_of="2022")

    assert Position.objects.get(pk=post.pk).followed_on is None


@pytest.mark.parametrize(
    ("post", "is_current"),
    [
        pytest.param({}, True, id="undated"),
        pytest.param({"since": "2019"}, True, id="begun"),
        pytest.param({"since": TODAY.isoformat()}, True, id="begins-today"),
        pytest.param({"since": TOMORROW}, False, id="begins-tomorrow"),
        pytest.param({"until": TODAY.isoformat()}, True, id="ends-today"),
        pytest.param({"until": YESTERDAY}, False, id="ended-yesterday"),
        pytest.param({"until": str(TODAY.year)}, True, id="ends-at-some-time-this-year"),
        pytest.param({"until": str(TODAY.year - 1)}, False, id="ended-last-year"),
    ],
)
def test_current_is_held_today(post, is_current):
    create_position(**post)

    assert Position.objects.current().exists() is is_current


def test_current_leaves_out_the_follower_of_nobody_only():
    studio = create_institution()
    create_position(person=create_person(name_en="First"), institution=studio, seat="director", as_of="2018")
    create_position(person=create_person(name_en="Second"), institution=studio, seat="director", since="2020")
    newest = create_position(person=create_person(name_en="Third"), institution=studio, seat="director", as_of="2023")

    assert list(Position.objects.current()) == [newest]


@pytest.mark.parametrize(
    ("post", "is_over", "tags"),
    [
        pytest.param({"as_of": "2020"}, True, [("last seen 2020", "ended")], id="without-end-is-last-seen"),
        pytest.param({"since": "2020"}, True, [("last seen 2020", "ended")], id="begin-is-last-seen"),
        pytest.param({"as_of": "2020", "until": "2021"}, True, [("until 2021", "ended")], id="with-end-is-over"),
        pytest.param({}, False, [("unconfirmed; page without date", "unconfirmed")], id="undated-goes-on"),
        pytest.param({"as_of": "2023"}, False, [("unconfirmed; last seen 2023", "unconfirmed")], id="newest-goes-on"),
        pytest.param(
            {"since": "2019", "as_of": months_ago(18)},
            False,
            [("since 2019", ""), (f"ageing; as of {PartialDate(months_ago(18)).in_words()}", "ageing")],
            id="seen-a-while-ago",
        ),
        pytest.param(
            {"since": months_ago(2)},
            False,
            [(f"since {PartialDate(months_ago(2)).in_words()}", "fresh")],
            id="begun-lately",
        ),
    ],
)
def test_post_beside_a_dated_holder_of_the_seat(post, is_over, tags):
    studio = create_institution()
    shown = create_position(person=create_person(name_en="Shown"), institution=studio, seat="director", **post)
    create_position(person=create_person(name_en="Other"), institution=studio, seat="director", as_of="2022")

    loaded = Position.objects.get(pk=shown.pk)

    assert (loaded.is_over, loaded.date_tags) == (is_over, tags)


@pytest.mark.parametrize(
    ("post", "last_seen"),
    [
        pytest.param({}, None, id="undated"),
        pytest.param({"since": "2019"}, "2019", id="start"),
        pytest.param({"as_of": "2021-03"}, "2021-03", id="page"),
        pytest.param({"since": "2019", "as_of": "2021-03"}, "2021-03", id="start-and-page"),
        pytest.param({"since": "2019", "until": "2020", "as_of": "2024"}, "2020", id="an-end-is-the-end"),
    ],
)
def test_post_tells_until_when_pages_show_the_person(post, last_seen):
    create_position(**post)

    assert Position.objects.get().last_seen == last_seen


@pytest.mark.parametrize(
    ("person", "institution", "post", "is_public"),
    [
        pytest.param({}, {}, {}, True, id="all-published"),
        pytest.param({"publication_state": PublicationState.DRAFT}, {}, {}, False, id="person-in-draft"),
        pytest.param({"publication_state": PublicationState.ARCHIVED}, {}, {}, False, id="person-archived"),
        pytest.param({"withheld": True}, {}, {}, False, id="person-withheld"),
        pytest.param({}, {"publication_state": PublicationState.DRAFT}, {}, False, id="institution-in-draft"),
        pytest.param({}, {"publication_state": PublicationState.ARCHIVED}, {}, False, id="institution-archived"),
        pytest.param({}, {}, {"is_public": False}, False, id="post-not-public"),
    ],
)
def test_public_posts_need_a_published_person_at_a_published_institution(person, institution, post, is_public):
    create_position(person=create_person(**person), institution=create_institution(**institution), **post)

    assert Position.objects.public().exists() is is_public


def test_public_posts_include_those_at_a_body_without_a_record():
    post = create_position(body_name="Interstate Fund")

    assert list(Position.objects.public()) == [post]


def test_withheld_names_hold_every_spelling():
    person = create_person(
        name_en="Anna Hidden", name_ru="Анна Скрытая", name_native="Анна Прихована", native_language="uk", withheld=True
    )
    PersonName.objects.create(person=person, text="Ann Hidden")

    assert Person.objects.withheld_names() == {"anna hidden", "анна скрытая", "анна прихована", "ann hidden"}


@pytest.mark.parametrize(
    ("names", "language", "text"),
    [
        pytest.param({"name_en": "Anna Berg"}, "en", "Berg Anna Berg", id="last-word-of-the-name"),
        pytest.param({"name_en": "Anna Berg"}, "ru", "Берг Анна Берг", id="no-russian-name"),
        pytest.param(
            {"name_en": "Sara Nalbandyan", "name_native": "Սառա Նալբանդյան", "native_language": "hy"},
            "ru",
            "Налбандян Сара Налбандян",
            id="no-russian-but-an-armenian-name",
        ),
        pytest.param(
            {"name_en": "Bek Salamov", "name_native": "Саламов Бек Баходирович", "native_language": "uz-Cyrl"},
            "ru",
            "Саламов Саламов Бек Баходирович",
            id="family-name-first",
        ),
        pytest.param(
            {"name_en": "Li An", "name_native": "李安", "native_language": "zh"},
            "ru",
            "An Li An",
            id="letters-without-rule",
        ),
        pytest.param({"name_en": "Anna Berg", "name_ru": "Анна Берг"}, "ru", "Берг Анна Берг", id="russian"),
        pytest.param({"name_en": "Li An", "family_name_en": "Li"}, "en", "Li Li An", id="family-name-where-known"),
    ],
)
def test_people_are_sorted_by_family_name(names, language, text):
    assert Person(**names).text_to_sort(language) == text


@pytest.mark.parametrize(
    ("names", "language", "expected"),
    [
        pytest.param(
            {"name_native": "Դավիթ Բանուչյան", "native_language": "hy"},
            "ru",
            ("Давит Банучян", "ru-t-hy"),
            id="from-the-native-name",
        ),
        pytest.param({}, "ru", ("Давит Банучян", "ru-t-en"), id="from-the-english-name"),
        pytest.param({"name_ru": "Давид Банучян"}, "ru", None, id="sources-give-the-russian-name"),
        pytest.param({}, "en", None, id="not-for-readers-of-english"),
        pytest.param(
            {"name_native": "Давит Банучян", "native_language": "ky"}, "ru", None, id="in-these-letters-anyway"
        ),
        pytest.param({"name_native": "大卫", "native_language": "zh"}, "ru", None, id="letters-without-rule"),
    ],
)
def test_person_without_a_russian_name_has_one_in_russian_letters(names, language, expected):
    with translation.override(language):
        assert Person(name_en="Davit Banuchyan", **names).in_russian_letters == expected


def test_post_is_named_in_the_readers_language_and_in_its_own():
    post = create_position(title_ru="директор", title_native="директори", native_language="tg")

    with translation.override("ru"):
        assert (post.title, post.original_title) == (("директор", "ru"), ("директори", "tg"))


def test_periods_come_back_as_partial_dates():
    create_position(since="2019-05")

    assert Position.objects.get().since == PartialDate("2019-05")
