"""Tests of the list of people, now and on a date, and of the page of a person."""

import csv
import io

import pytest
from django.utils import timezone

from people.models import Person
from records.checks import months_before
from tests.factories import create_country, create_institution, create_person, create_person_name, create_position
from tests.html_page import html_page
from tests.rich_records import create_rich_event, create_rich_institution, create_rich_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts():
    """One studio with a new director, one archive, one ministry; and a post without any date."""
    tajik, kazakh = create_country(code="TJ"), create_country(code="KZ")
    studio = create_institution(name_en="Tajikfilm", country=tajik)
    archive = create_institution(name_en="Archive", kind="archive", country=kazakh)

    def person(name, country, institution, **post):
        return create_position(person=create_person(name_en=name, country=country), institution=institution, **post)

    person("Ann Older", tajik, studio, role="head", seat="director", as_of="2018-03")
    person("Bob Newer", tajik, studio, role="head", seat="director", since="2021", as_of="2025")
    person("Cid Deputy", tajik, studio, role="deputy", title_en="Deputy", since="2017", until="2019-05")
    two = person("Dan Double", kazakh, archive, role="head", seat="director", since="2020", as_of="2024")
    create_position(person=two.person, institution=studio, role="adviser", title_en="Adviser", as_of="2024")
    person("Eve Undated", kazakh, archive, role="specialist", title_en="Specialist")
    create_person(name_en="Fay Postless", country=tajik)


def shown(client, query):
    response = client.get(f"/people/?{query}")
    assert response.status_code == 200
    return [person.name_en for person in response.context["page"].object_list]


SHOWN = {
    "on=2018": ["Dan Double", "Cid Deputy", "Ann Older", "Eve Undated"],
    # The last day of a post, the day after it, and a head who is not yet followed by another one.
    "on=2019-05-31": ["Dan Double", "Cid Deputy", "Ann Older", "Eve Undated"],
    "on=2019-06": ["Dan Double", "Ann Older", "Eve Undated"],
    "on=2020": ["Dan Double", "Ann Older", "Eve Undated"],
    # The year of the change, and after it.
    "on=2021": ["Dan Double", "Bob Newer", "Ann Older", "Eve Undated"],
    "on=2022": ["Dan Double", "Bob Newer", "Eve Undated"],
    # An unknown start hides nobody; longer ago nobody holds a post.
    "on=1990": ["Dan Double", "Ann Older", "Eve Undated"],
    "on=1950": [],
    "ever=true": ["Cid Deputy", "Dan Double", "Bob Newer", "Ann Older", "Eve Undated"],
    "country=KZ": ["Dan Double", "Eve Undated"],
    "role=head": ["Dan Double", "Bob Newer"],
    "role=head&role=specialist": ["Dan Double", "Bob Newer", "Eve Undated"],
    "kind=archive": ["Dan Double", "Eve Undated"],
    # Role and kind are those of one post.
    "kind=studio&role=adviser": ["Dan Double"],
    "kind=archive&role=adviser": [],
    "role=deputy&on=2018": ["Cid Deputy"],
    "role=deputy": [],
    "q=dan": ["Dan Double"],
}


def test_list_of_people_holds_those_whose_post_fits(client, posts):
    assert {query: sorted(shown(client, query)) for query in SHOWN} == {
        query: sorted(names) for query, names in SHOWN.items()
    }


def test_list_shows_only_the_posts_that_fit(client, posts):
    page = html_page(client.get("/people/?role=adviser"))

    assert page.one("ul", class_="posts").text == "Adviser , Tajikfilm unconfirmed; last seen 2024"


def test_former_holder_without_an_end_is_marked_last_seen(client, posts):
    page = html_page(client.get("/people/?on=2018&role=head"))

    assert page.one("ul", class_="posts").text == "Director , Tajikfilm last seen March 2018"


def test_people_in_post_on_a_date_are_documented_or_possible(client, posts):
    page = html_page(client.get("/people/?on=2022"))

    assert page.one("p", class_="total").text == "3 people"
    assert page.one("h2", id="documented").text == "Documented 2"
    assert page.one("h2", id="possible").text == "Possible 1"
    assert [name.text for name in page.section("documented").all("h3")] == ["Dan Double", "Bob Newer"]
    assert [name.text for name in page.section("possible").all("h3")] == ["Eve Undated"]
    # Who is documented in one post may only be possible in another.
    marked = [
        post.text for post in page.all("li") if "possible, not documented" in post.text and not list(post.all("ul"))
    ]
    assert marked == [
        "Adviser , Tajikfilm unconfirmed; last seen 2024 possible, not documented",
        "Specialist , Archive unconfirmed; page without date possible, not documented",
    ]


def test_list_without_a_date_is_by_family_name_and_has_no_groups(client, posts):
    response = client.get("/people/")
    page = html_page(response)

    assert [person.name_en for person in response.context["page"].object_list] == [
        *("Dan Double", "Bob Newer", "Eve Undated"),
    ]
    assert [*page.all("h2", id="documented"), *page.all("h2", id="possible"), *page.all("h3")] == []


def test_file_of_those_in_post_on_a_date_tells_in_words_what_the_groups_of_the_page_do(client, posts):
    response = client.get("/people/export/csv/?on=2022&names=en&columns=post&columns=name")

    rows = csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline=""))
    assert [(row["name"], row["post"], row["in post on the date"]) for row in rows] == [
        ("Dan Double", "Director", "documented"),
        ("Dan Double", "Adviser", "possible, not documented"),
        ("Bob Newer", "Director", "documented"),
        ("Eve Undated", "Specialist", "possible, not documented"),
    ]


def test_counts_of_people_are_those_of_posts_that_fit(client, posts):
    facets = {facet.name: facet for facet in client.get("/people/?kind=studio").context["filterset"].facets}

    counts = {
        name: {choice.value: choice.count for choice in facets[name].choices} for name in ("country", "role", "kind")
    }
    assert counts == {
        "country": {"TJ": 1, "KZ": 1},
        "role": {"head": 1, "adviser": 1},
        "kind": {"studio": 2, "archive": 2},
    }


def test_people_are_narrowed_by_the_year_in_which_a_page_saw_them_in_the_post(client, posts):
    def seen(months, name, **fields):
        as_of = months_before(timezone.localdate(), months).isoformat()
        fields = {"role": "production", "body_name": "Guild"} | fields
        create_position(person=create_person(name_en=name), title_en="Producer", as_of=as_of, **fields)

    seen(11, "Gus Lately")
    seen(59, "Hal Longer")
    seen(61, "Ida Longest")
    seen(13, "Jan Ended", until=months_before(timezone.localdate(), 12).isoformat())

    def counts(query):
        facets = {facet.name: facet for facet in client.get(f"/people/?{query}").context["filterset"].facets}
        return {choice.value: choice.count for choice in facets["seen"].choices}

    assert shown(client, "seen=1&role=production") == ["Gus Lately"]
    assert sorted(shown(client, "seen=5&role=production")) == ["Gus Lately", "Hal Longer"]
    assert shown(client, "seen=1&role=production&ever=true") == ["Jan Ended", "Gus Lately"]
    assert counts("role=production") == counts("role=production&seen=2") == {"1": 1, "2": 1, "5": 2}
    # All conditions are on one post.
    create_position(
        person=Person.objects.get(name_en="Gus Lately"), title_en="Head", role="head", body_name="Old guild"
    )
    assert "Gus Lately" in shown(client, "role=head")
    assert "Gus Lately" not in shown(client, "seen=1&role=head")


def test_people_of_one_institution_on_a_date_stand_above_those_known_at_other_times(client, posts):
    page = html_page(client.get("/institutions/tajikfilm/"))
    assert page.one("form", action="/people/").one("input", name="institution").attributes["value"] == "tajikfilm"

    on_date = html_page(client.get("/people/?institution=tajikfilm&role=head&on=2022"))
    nobody = html_page(client.get("/people/?institution=tajikfilm&role=head&on=1950"))

    assert [name.text for name in on_date.section("documented").all("h3")] == ["Bob Newer"]
    assert [item.text for item in on_date.section("other-dates").all("li")] == [
        "Ann Older Director last seen March 2018"
    ]
    assert len(list(nobody.section("other-dates").all("li"))) == 2
    assert shown(client, "institution=tajikfilm") == ["Dan Double", "Bob Newer"]
    assert "No such institution" in client.get("/people/?institution=nobody").content.decode()
    assert client.get("/people/export/csv/?institution=nobody").status_code == 400


def test_filter_that_is_not_understood_is_told_and_left_out(client, posts):
    for bad in ["on=foo", "on=2019-13", "on=%00", "role=king", "country=XX"]:
        response = client.get(f"/people/?{bad}")

        assert response.status_code == 200
        assert len(list(html_page(response).one("div", class_="problems").all("li"))) == 1
        assert len(response.context["page"].object_list) == 3


def test_page_of_a_person_tells_posts_now_and_before_with_sources(client):
    person = create_rich_person(name_en="Anna Berg", institution=create_institution(name_en="Studio"))
    create_position(person=person, institution=create_institution(name_en="Old"), until="2010", title_en="Editor")

    page = html_page(client.get(person.get_absolute_url()))

    now, before = page.section("posts-now"), page.section("posts-before")
    seen, seen_in_year = [post.date_tags[-1].words for post in person.positions.order_by("pk")[:2]]
    assert [row.text for row in now.all("tr")][1:] == [
        f"Director 1 2 Studio since 2022 {seen}",
        f"Juror 2 Jury of the Forum {seen_in_year}",
    ]
    assert [row.text for row in before.all("tr")][1:] == ["Editor 1 Old until 2010"]
    assert "Anna Berg Talks" in page.section("events").text
    assert [item.one("a").text for item in page.section("sources").all("li")] == [
        "Interview with Anna Berg",
        "Anna Berg appointed",
    ]


def test_names_in_other_scripts_say_their_language(client):
    person = create_person(name_en="Anna", name_ru="Анна", name_native="Ганна", native_language="be")
    create_position(person=person)

    english = html_page(client.get("/people/anna/"))
    russian = html_page(client.get("/ru/people/anna/"))

    assert [(name.text, name.attributes["lang"]) for name in english.all("span", class_="native")] == [
        ("Ганна", "be"),
        ("Анна", "ru"),
    ]
    assert russian.one("h1").text == "Анна"
    assert [name.attributes["lang"] for name in russian.all("span", class_="native")] == ["be", "en"]


def test_name_in_russian_letters_is_marked_beside_the_english_and_the_native_one(client):
    person = create_person(name_en="Sara Nalbandyan", name_native="Սառա Նալբանդյան", native_language="hy")
    create_position(person=person)

    for path in ["/ru/people/?q=nalbandyan", "/ru/people/sara-nalbandyan/", "/ru/search/?q=nalbandyan"]:
        page = html_page(client.get(path))

        assert [name.text for name in page.all(lang="ru-t-hy")] == ["Сара Налбандян"]
        assert page.one("abbr").text == "транслит."
        assert "Սառա Նալբանդյան" in [name.text for name in page.all(lang="hy")]
        assert "Sara Nalbandyan" in [name.text for name in page.all(lang="en")]
        headings = [heading for tag in ("h1", "h2", "h3") for heading in page.all(tag)]
        assert [name.text for heading in headings for name in heading.all(lang="hy")] == []


def test_russian_list_of_people_is_in_one_alphabet(client):
    studio = create_institution()
    for name_en, name_ru in [("Anna Berg", ""), ("Boris Adamov", "Борис Адамов"), ("Vera Vlasova", "Вера Власова")]:
        create_position(person=create_person(name_en=name_en, name_ru=name_ru), institution=studio)

    assert [person.name for person in client.get("/ru/people/").context["page"].object_list] == [
        *("Борис Адамов", "Anna Berg", "Вера Власова"),
    ]


def test_old_address_of_a_person_leads_to_the_new_one(client):
    person = create_person(name_en="Anna Berg")
    person.slug = "anna-b"
    person.save()

    moved = client.get("/people/anna-berg/")

    assert (moved.status_code, moved["Location"]) == (301, "/people/anna-b/")


def test_list_of_people_asks_a_fixed_number_of_times(client, django_assert_num_queries):
    for number in range(2):
        create_rich_institution(name_en=f"Studio {number}")
        for path, query_count in {"/people/": 10, "/people/?on=2020": 12, "/people/?ever=true&kind=studio": 10}.items():
            with django_assert_num_queries(query_count):
                client.get(path)


def test_page_of_a_person_asks_a_fixed_number_of_times(client, django_assert_num_queries):
    person = create_rich_person(name_en="Anna Berg")
    for number in range(2):
        create_person_name(person=person, text=f"Spelling {number}")
        create_rich_event(name_en=f"Forum {number}", person=person)

        with django_assert_num_queries(8):
            client.get(person.get_absolute_url())
