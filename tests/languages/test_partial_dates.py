"""Tests of partial dates: as values, as a field and as database constraints."""

import copy
import datetime
import itertools
import json
import pickle

import pytest
import yaml
from django import forms
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.db.models import Max
from django.template import Context, Template
from django.test.utils import isolate_apps
from django.utils import translation

from languages.partial_dates import (
    PARTIAL_DATE_REGEX,
    PartialDate,
    PartialDateField,
    PartialDateFormField,
    covers,
    partial_date_constraint,
    period_constraint,
)

NOT_PARTIAL_DATES = [
    pytest.param("1799", id="before-1800"),
    pytest.param("2100", id="after-2099"),
    pytest.param("19", id="two-digits"),
    pytest.param("2019-5", id="one-digit-month"),
    pytest.param("2019-00", id="month-0"),
    pytest.param("2019-13", id="month-13"),
    pytest.param("2019-05-00", id="day-0"),
    pytest.param("2019-04-31", id="31-april"),
    pytest.param("2019-02-29", id="29-february-of-a-common-year"),
    pytest.param("1900-02-29", id="29-february-1900"),
    pytest.param("31.05.2019", id="day-first"),
    pytest.param("2019-05-31T10:00", id="with-time"),
    pytest.param("2019-", id="hyphen-at-end"),
    pytest.param("2019\n", id="line-end"),
    pytest.param("٢٠١٩", id="arabic-digits"),
    pytest.param("May 2019", id="words"),
]


@pytest.mark.parametrize(
    ("text", "precision", "first_day", "last_day"),
    [
        pytest.param("2019", "year", datetime.date(2019, 1, 1), datetime.date(2019, 12, 31), id="year"),
        pytest.param("2019-05", "month", datetime.date(2019, 5, 1), datetime.date(2019, 5, 31), id="month"),
        pytest.param("2020-02", "month", datetime.date(2020, 2, 1), datetime.date(2020, 2, 29), id="leap-month"),
        pytest.param("2019-05-02", "day", datetime.date(2019, 5, 2), datetime.date(2019, 5, 2), id="day"),
        pytest.param("2000-02-29", "day", datetime.date(2000, 2, 29), datetime.date(2000, 2, 29), id="leap-day"),
    ],
)
def test_partial_date_knows_its_first_and_last_day(text, precision, first_day, last_day):
    date = PartialDate(text)

    assert (date, date.precision, date.first_day, date.last_day) == (text, precision, first_day, last_day)


@pytest.mark.parametrize("text", [*NOT_PARTIAL_DATES, pytest.param("", id="empty")])
def test_partial_date_refuses(text):
    with pytest.raises(ValueError, match="Not a partial date"):
        PartialDate(text)


def test_partial_date_accepts_exactly_the_days_of_the_calendar():
    first, last = datetime.date(1800, 1, 1), datetime.date(2099, 12, 31)
    calendar_days = {(first + datetime.timedelta(days=number)).isoformat() for number in range((last - first).days + 1)}
    accepted = set()
    for year, month, day in itertools.product(range(1798, 2102), range(14), range(33)):
        text = f"{year}-{month:02}-{day:02}"
        try:
            accepted.add(PartialDate(text))
        except ValueError:
            continue

    assert accepted == calendar_days


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, None, id="none"),
        pytest.param("  ", None, id="blank"),
        pytest.param(" 2019-05 ", "2019-05", id="spaces-around"),
        pytest.param(2019, "2019", id="number-of-unquoted-yaml"),
        pytest.param(datetime.date(2019, 5, 2), "2019-05-02", id="date"),
        pytest.param(datetime.datetime(2019, 5, 2, 23, 59), "2019-05-02", id="datetime-of-a-spreadsheet"),
    ],
)
def test_from_value(value, expected):
    assert PartialDate.from_value(value) == expected


def test_partial_dates_sort_as_text():
    in_order = ["2018-12-31", "2019", "2019-05", "2019-05-02", "2019-12", "2020"]

    assert sorted(PartialDate(text) for text in reversed(in_order)) == in_order


def test_latest_text_closes_the_range():
    in_order = ["2019", "2019-12-31", PartialDate("2019").latest_text, "2020"]

    assert sorted(in_order) == in_order


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda date: pickle.loads(pickle.dumps(date))])  # noqa: S301
def test_copies_are_partial_dates(copied):
    date = copied(PartialDate("2019-05"))

    assert (type(date), date) == (PartialDate, "2019-05")


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        pytest.param("2019", "en", "2019", id="en-year"),
        pytest.param("2019-05", "en", "May 2019", id="en-month"),
        pytest.param("2019-05-02", "en", "2 May 2019", id="en-day"),
        pytest.param("2019", "ru", "2019", id="ru-year"),
        pytest.param("2019-05", "ru", "май 2019", id="ru-month"),
        pytest.param("2019-05-02", "ru", "2 мая 2019", id="ru-day"),
        pytest.param("2019-05-02", "uk", "2 May 2019", id="not-of-the-interface"),
        # What a command runs in: no language is active.
        pytest.param("2019-05", None, "May 2019", id="no-language"),
    ],
)
def test_in_words_follows_the_reader(text, language, words):
    with translation.override(language):
        assert PartialDate(text).in_words() == words


@pytest.mark.parametrize(
    ("start", "end", "language", "words"),
    [
        ("2025-12-14", "2025-12-17", "en", "14–17 December 2025"),
        ("2025-12-14", "2025-12-17", "ru", "14–17 декабря 2025"),
        ("2025-11-30", "2025-12-02", "en", "30 November 2025 – 2 December 2025"),
        ("2024-12-14", "2025-12-17", "ru", "14 декабря 2024 – 17 декабря 2025"),
        ("2025-12", "2025-12-17", "en", "December 2025 – 17 December 2025"),
    ],
)
def test_days_of_one_month_name_it_once(start, end, language, words):
    with translation.override(language):
        assert PartialDate(start).until_in_words(PartialDate(end)) == words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(PartialDate("2019-05-02"), "2 мая 2019", id="partial-date"),
        pytest.param("2019", "2019", id="text"),
        pytest.param(datetime.date(2019, 5, 2), "2 мая 2019", id="date"),
        pytest.param(datetime.datetime(2019, 5, 2, 23, tzinfo=datetime.UTC), "3 мая 2019", id="reader-time-zone"),
        pytest.param(None, "", id="not-known"),
        pytest.param("", "", id="empty"),
        pytest.param("<soon>", "&lt;soon&gt;", id="not-a-date"),
    ],
)
def test_template_filter(settings, value, shown):
    settings.TIME_ZONE = "Asia/Almaty"

    with translation.override("ru"):
        assert Template("{% load dates %}{{ value|partial_date }}").render(Context({"value": value})) == shown


# The form field ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "expected"), [(" 2019-05 ", "2019-05"), ("", None), ("  ", None)])
def test_form_field_cleans(typed, expected):
    cleaned = PartialDateFormField(required=False).clean(typed)

    assert (cleaned, type(cleaned)) == (expected, type(expected and PartialDate(expected)))


@pytest.mark.parametrize("typed", [case for case in NOT_PARTIAL_DATES if case.id != "line-end"])
def test_form_field_says_what_to_write(typed):
    with pytest.raises(ValidationError) as refusal:
        PartialDateFormField().clean(typed)

    assert refusal.value.messages == ["Write 2019, 2019-05 or 2019-05-31."]


def test_form_field_of_the_model_field_explains_itself():
    field = PartialDateField(null=True, blank=True).formfield()

    assert (type(field), field.required, field.empty_value, str(field.help_text), field.widget.attrs) == (
        PartialDateFormField,
        False,
        None,
        "Write 2019, 2019-05 or 2019-05-31.",
        {"size": 10, "autocomplete": "off", "spellcheck": "false"},
    )


def test_form_field_keeps_the_model_field_help_text_and_refuses_a_gap_where_one_is_required():
    field = PartialDateField(help_text="As the page says.").formfield()

    assert field.help_text == "As the page says."
    with pytest.raises(ValidationError, match="This field is required"):
        field.clean(" ")


# The model field and the constraints ----------------------------------------------------------------------------------


@pytest.fixture
def term_of_office(db):
    """Model that exists for one test: a post with a beginning and an end."""
    with isolate_apps("cisfilm"):

        class TermOfOffice(models.Model):
            since = PartialDateField(null=True, blank=True)
            until = PartialDateField(null=True, blank=True)

            class Meta:
                app_label = "cisfilm"
                constraints = [
                    partial_date_constraint("since", name="term_since_shape"),
                    partial_date_constraint("until", name="term_until_shape"),
                    period_constraint("since", "until", name="term_period"),
                ]

            def __str__(self):
                return f"{self.since} - {self.until}"

        with connection.schema_editor(atomic=False) as schema_editor:
            schema_editor.create_model(TermOfOffice)
        yield TermOfOffice


def test_field_deconstructs_for_migrations():
    field = PartialDateField("since", null=True, blank=True)

    assert field.deconstruct()[1:] == (
        "languages.partial_dates.PartialDateField",
        [],
        {"verbose_name": "since", "null": True, "blank": True, "max_length": 10, "db_collation": "C"},
    )
    assert MigrationWriter.serialize(field)[1] == {"import languages.partial_dates"}
    assert field.clone().deconstruct() == field.deconstruct()


def test_field_has_no_complaints(term_of_office):
    assert term_of_office.check(databases=["default"]) == []


def test_field_compares_byte_by_byte_in_the_database(term_of_office):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns WHERE table_name = %s AND column_name = 'since'",
            [term_of_office._meta.db_table],
        )
        assert cursor.fetchall() == [("C",)]


@pytest.mark.parametrize(
    ("assigned", "stored"),
    [("2019-05", "2019-05"), (datetime.date(2019, 5, 2), "2019-05-02"), (2019, "2019"), ("", None), (None, None)],
    ids=["text", "date", "number", "empty", "none"],
)
def test_field_gives_back_partial_dates(term_of_office, assigned, stored):
    term = term_of_office.objects.create(since=assigned)
    loaded = term_of_office.objects.get(pk=term.pk)

    expected = (stored, type(stored and PartialDate(stored)))
    assert [(date, type(date)) for date in (term.since, loaded.since)] == [expected, expected]


def test_deferred_field_loads_when_asked(term_of_office):
    term_of_office.objects.create(since="2019-05")

    term = term_of_office.objects.defer("since").get()

    assert (term.get_deferred_fields(), term.since.precision) == ({"since"}, "month")


def test_aggregates_are_partial_dates(term_of_office):
    term_of_office.objects.bulk_create([term_of_office(since="2018"), term_of_office(since="2019-05")])

    latest = term_of_office.objects.aggregate(latest=Max("since"))["latest"]

    assert (latest, type(latest)) == ("2019-05", PartialDate)


def test_update_turns_an_empty_text_into_not_known(term_of_office):
    term_of_office.objects.create(since="2019")

    term_of_office.objects.update(since="")

    assert term_of_office.objects.get().since is None


def test_queryset_order_is_time_order(term_of_office):
    in_order = ["1941", "2019", "2019-05", "2019-05-02", "2019-12-31", "2020"]
    term_of_office.objects.bulk_create([term_of_office(since=since) for since in reversed(in_order)])

    assert list(term_of_office.objects.order_by("since").values_list("since", flat=True)) == in_order


def test_model_form_saves_what_was_typed(term_of_office):
    form_class = forms.modelform_factory(term_of_office, fields=["since", "until"])

    form = form_class({"since": " 2019-05 ", "until": ""})
    term = form.save()

    assert (term.since.in_words(), term.until) == ("May 2019", None)


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"since": "31 May 2019"}, {"since": ["Write 2019, 2019-05 or 2019-05-31."]}),
        ({"since": "2020", "until": "2019-12"}, {"__all__": ["The end is before the start."]}),
    ],
    ids=["shape", "period"],
)
def test_model_form_explains_what_is_wrong(term_of_office, data, errors):
    form_class = forms.modelform_factory(term_of_office, fields=["since", "until"])

    assert form_class(data).errors == errors


def test_full_clean_refuses_what_is_no_date(term_of_office):
    with pytest.raises(ValidationError) as refusal:
        term_of_office(since="2019-02-30").full_clean()

    assert refusal.value.message_dict == {"since": ["Write 2019, 2019-05 or 2019-05-31."]}


@pytest.mark.parametrize(("file_format", "read"), [("json", json.loads), ("yaml", yaml.safe_load)])
@pytest.mark.parametrize("since", ["2019", "2019-05-02", None])
def test_fixtures_hold_plain_text_and_read_it_back(term_of_office, file_format, read, since):
    term_of_office.objects.create(since=since)

    (record,) = read(serializers.serialize(file_format, term_of_office.objects.all()))

    assert record["fields"]["since"] == since
    assert term_of_office._meta.get_field("since").to_python(record["fields"]["since"]) == since


@pytest.mark.parametrize("text", NOT_PARTIAL_DATES)
def test_database_refuses_what_is_no_partial_date(term_of_office, text):
    table = connection.ops.quote_name(term_of_office._meta.db_table)

    with pytest.raises((DataError, IntegrityError)), transaction.atomic():
        connection.cursor().execute(f"INSERT INTO {table} (since) VALUES (%s)", [text])  # noqa: S608


def test_database_and_python_agree_on_the_calendar(db):
    years = (1799, 1800, 1900, 1904, 2000, 2019, 2020, 2100)
    texts = [f"{year}-{month:02}-{day:02}" for year, month, day in itertools.product(years, range(14), range(33))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM unnest(%s::text[]) AS text WHERE text ~ %s", [texts, PARTIAL_DATE_REGEX])
        accepted_by_database = [text for (text,) in cursor.fetchall()]

    accepted_by_python = []
    for text in texts:
        try:
            accepted_by_python.append(PartialDate(text))
        except ValueError:
            continue
    assert accepted_by_database == accepted_by_python


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2019", "2020"),
        ("2019", "2019"),
        ("2019", "2019-05"),
        ("2019-05", "2019"),
        ("2019-05-31", "2019-05"),
        ("2019", None),
        (None, "2019"),
        (None, None),
    ],
)
def test_period_may_end_within_its_beginning(term_of_office, since, until):
    term_of_office(since=since, until=until).full_clean()

    assert term_of_office.objects.create(since=since, until=until).pk is not None


@pytest.mark.parametrize(("since", "until"), [("2020", "2019"), ("2019-06", "2019-05"), ("2020", "2019-12-31")])
def test_period_may_not_end_before_it_begins(term_of_office, since, until):
    term = term_of_office(since=since, until=until)

    with pytest.raises(ValidationError, match="The end is before the start"):
        term.full_clean()
    with pytest.raises(IntegrityError, match="term_period"), transaction.atomic():
        term.save()


@pytest.mark.parametrize("on", ["2019", "2019-05", "2019-05-02", "2018", "2020-01", "2021-12-31", "2022"])
def test_covers_finds_the_periods_that_touch_a_date(term_of_office, on):
    dates = [None, "2018-12-31", "2019", "2019-05", "2019-05-02", "2019-06", "2020", "2021"]
    periods = [
        term_of_office(since=since, until=until)
        for since, until in itertools.product(dates, dates)
        if since is None or until is None or PartialDate(since).first_day <= PartialDate(until).last_day
    ]
    term_of_office.objects.bulk_create(periods)
    asked = PartialDate(on)

    found = term_of_office.objects.filter(covers(asked))

    assert {str(period) for period in found} == {
        str(period)
        for period in periods
        if (period.since is None or period.since.first_day <= asked.last_day)
        and (period.until is None or period.until.last_day >= asked.first_day)
    }


def test_covers_refuses_what_is_no_date():
    with pytest.raises(ValueError, match="Not a partial date"):
        covers("2019~")


def test_covers_names_other_fields(term_of_office):
    assert str(covers(PartialDate("2019"), since="start", until="end")) == (
        "(AND: (OR: ('start__isnull', True), ('start__lte', '2019~')), "
        "(OR: ('end__isnull', True), ('end__gte', '2019'), ('end__in', [])))"
    )
