"""Tests of the Russian translation: complete, compiled, and without unused messages."""

import gettext
import re
import shutil
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import trans_real

from exports.models import ContactList, hashed
from records.history.models import Load
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_participation,
    create_person,
    create_position,
    create_programme,
    create_stage,
)
from tests.interface_words import LATIN_IN_RUSSIAN, own_words
from tests.public_history import note
from visitors.corrections.models import Correction

WORDING = settings.BASE_DIR / "locale" / "ru" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# Untranslated and right as they are.
SAME_IN_RUSSIAN = {"URL", "IPv4", "IPv6"}


@pytest.fixture(scope="module")
def messages():
    with WORDING.open("rb") as file:
        return [message for message in read_po(file, locale="ru") if message.id]


def identity(message):
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def forms(text):
    return [text] if isinstance(text, str) else list(text)


def test_every_message_is_translated(messages):
    unfinished = [identity(message) for message in messages if message.fuzzy or not all(forms(message.string))]

    assert unfinished == []


def test_every_translation_keeps_its_placeholders(messages):
    broken = [
        identity(message)
        for message in messages
        for translated in forms(message.string)
        if set(PLACEHOLDER.findall(translated)) != set(PLACEHOLDER.findall(forms(message.id)[-1]))
    ]

    assert broken == []


def test_compiled_wording_is_that_of_the_source(messages):
    with WORDING.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    compiled.pop("")

    written = {}
    for message in messages:
        context, text = identity(message)
        key = f"{context}\x04{text}" if context else text
        if isinstance(message.id, str):
            written[key] = message.string
        else:
            written |= {(key, number): translated for number, translated in enumerate(message.string)}
    assert compiled == written


@pytest.mark.outside_programs("git", "xgettext")
def test_wording_holds_the_messages_of_the_code_and_no_others(messages, tmp_path, monkeypatch):
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=settings.BASE_DIR, capture_output=True, check=True).stdout
    for name in tracked.decode().rstrip("\0").split("\0"):
        if name.endswith((".py", ".html")) and not name.startswith(("tests/", ".ci/")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(settings.BASE_DIR / name, tmp_path / name)
    (tmp_path / "locale").mkdir()

    # The command looks for messages below the current folder.
    monkeypatch.chdir(tmp_path)
    with override_settings(LOCALE_PATHS=[str(tmp_path / "locale")]):
        call_command("makemessages", locale=["ru"], no_location=True, verbosity=0)

    with (tmp_path / "locale" / "ru" / "LC_MESSAGES" / "django.po").open("rb") as file:
        extracted = {identity(message) for message in read_po(file, locale="ru") if message.id}
    assert extracted == {identity(message) for message in messages}


PACKAGES = Path(django.__file__).parent.parent
# Whose words the editors' site shows, by the folder of their catalogs.
OF_PACKAGES = [
    *("django/conf", "django/contrib/admin", "django/contrib/auth", "django/contrib/contenttypes"),
    *("django/contrib/postgres", "reversion", "django_filters", "allauth"),
]
REWORDED = settings.LOCALE_PATHS[1] / "ru" / "LC_MESSAGES"
# What stands for the name of a kind of record. In the core, "%s" and "%(name)s" stand for other things.
OF_MODEL = r"%\((?:verbose_name(?:_plural)?|objects?_name|model(?:_name)?|class_name|module_name)\)s"
OF_MODEL_IN_ADMIN = rf"{OF_MODEL}|%\(name\)s|%s|\{{name\}}"
# There a name may stand as it is: at the beginning, after a colon, in brackets or quotation marks.
NOMINATIVE = re.compile(r"(?:^|[:(«] ?)$")


def messages_of(package, domain):
    """Return the messages of a package, by context and id, with the plural if there is one."""
    folder = PACKAGES / package / "locale"
    found = {}
    for language in ("en", "ru"):
        path = folder / language / "LC_MESSAGES" / f"{domain}.po"
        if path.exists():
            with path.open("rb") as file:
                found |= {identity(message): forms(message.id) for message in read_po(file) if message.id}
    return found


@cache
def russian_catalog(package, domain):
    folders = None if domain == "django" else [str(PACKAGES / package / "locale")]
    return trans_real.DjangoTranslation("ru", domain=domain, localedirs=folders)


def in_russian(domain, package, context, ids):
    """Return the message in Russian: one form for each number, or the only one."""
    catalog = russian_catalog(package, domain)
    text = f"{context}\x04{ids[0]}" if context else ids[0]
    if len(ids) == 1:
        return [catalog.gettext(text)]
    return [catalog.ngettext(text, ids[1], number) for number in (1, 2, 5)]


@pytest.fixture(scope="module")
def package_messages():
    """Return package, domain, id and Russian forms of every message of Django and its packages."""
    return [
        (package, domain, ids[0], in_russian(domain, package, context, ids))
        for package in OF_PACKAGES
        for domain in ("django", "djangojs")
        for (context, _id), ids in messages_of(package, domain).items()
    ]


def test_packages_say_everything_in_russian(package_messages):
    untranslated = {
        text
        for _package, _domain, text, russian in package_messages
        if re.search("[A-Za-z]{2}", PLACEHOLDER.sub("", text)) and set(russian) & {text}
    }

    assert untranslated - SAME_IN_RUSSIAN == set()


def test_packages_bend_no_name_of_a_kind_of_record(package_messages):
    bent = set()
    for package, domain, text, russian in package_messages:
        is_admin = package in ("django/contrib/admin", "reversion") or domain == "djangojs"
        names = re.compile(OF_MODEL_IN_ADMIN if is_admin else OF_MODEL)
        bent |= {
            (text, words)
            for words in russian
            for name in names.finditer(words)
            if not NOMINATIVE.search(words[: name.start()])
        }

    assert bent == set()


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_reworded_messages_are_those_of_packages_and_keep_their_placeholders(domain):
    with (REWORDED / f"{domain}.po").open("rb") as file:
        reworded = [message for message in read_po(file, locale="ru") if message.id]
    known = {key: ids for package in OF_PACKAGES for key, ids in messages_of(package, domain).items()}

    assert [identity(message) for message in reworded if identity(message) not in known] == []
    for message in reworded:
        for words in forms(message.string):
            assert set(PLACEHOLDER.findall(words)) <= set(PLACEHOLDER.findall(forms(message.id)[-1])), words


@pytest.fixture
def addresses():
    """Return the URL of every kind of public page, for records with all their texts in both languages."""
    country = create_country(code="TJ", film_law_en="Law.", film_law_ru="Закон.", cis_since="1991-12-21")
    city = create_city(country=country, name_en="Dushanbe", name_ru="Душанбе")
    texts = {"remarks_en": "Remark.", "remarks_ru": "Замечание."}
    studio = create_institution(
        name_en="Studio One",
        name_ru="Первая студия",
        city=city,
        ownership="state",
        status="active",
        founded="1930-05",
        services=["sound-stages", "dubbing"],
        address_local="Душанбе, улица Бухоро, 43",
        description_en="A studio.",
        description_ru="Киностудия.",
        **texts,
    )
    part = create_institution(name_en="Part", name_ru="Часть", parent=studio, kind="archive", country=country)
    create_institution_name(institution=studio, text="Старая студия", kind="former", since="1930", until="1938")
    contact = create_contact(institution=studio, kind="phone", checked_on="2020-05", check_method="official-page")
    create_contact(institution=studio, kind="email")
    create_stage(institution=studio, name_en="Pavilion", name_ru="Павильон", area_m2=300)
    person = create_person(name_en="Ivan Ivanov", name_ru="Иван Иванов", country=country, **texts)
    other = create_person(name_en="Pyotr Petrov", name_ru="Пётр Петров", country=country)
    post = {"institution": studio, "title_en": "Director", "title_ru": "Директор", "seat": "director", "role": "head"}
    create_position(person=person, since="2019", as_of="2024-05-02", **post)
    create_position(person=other, as_of="2018", **post)
    summary = {"summary_en": "Summary.", "summary_ru": "Кратко.", **texts}
    event = create_event(name_en="Forum", name_ru="Форум", city=city, country=country, start="2025-11-29", **summary)
    create_participation(event=event, person=person, institution=studio, role="speaker")
    film = create_film(name_en="Film", name_ru="Фильм", status="announced", countries=[country], **summary)
    film.film_institutions.create(institution=studio)
    programme = create_programme(
        name_en="Rebate", name_ru="Возврат затрат", country=country, institution=studio, rate_percent=25, **summary
    )
    records = [studio, person, event, film, programme, country]
    load = Load.objects.create(happened_at=timezone.now())
    note(studio, load=load)
    note(person, load=load, facts=[], is_publication=True)
    lists = [
        "home",
        "about",
        "change_list",
        "institutions:institution_list",
        "institutions:studio_list",
        "institutions:agency_list",
    ]
    lists += ["institutions:country_list", "institutions:programme_list", "people:person_list"]
    lists += ["cooperation:event_list", "cooperation:film_list", "coverage", "compare", "search", "contacts:my_list"]
    lists += ["corrections:correction_new", "for_programs"]
    filtered = [
        ("institutions:institution_list", "q=a&kind=studio&checked=24&has=email&ownership=state"),
        ("institutions:institution_list", "kind=0&sort=0"),
        ("institutions:studio_list", f"service=sound-stages&service=dubbing&city={city.key}"),
        ("people:person_list", "on=2019-05&role=head&kind=studio"),
        ("people:person_list", "on=0&ever=true"),
        ("cooperation:event_list", "year=2025&kind=forum"),
        ("cooperation:film_list", "status=announced"),
        ("search", "q=43"),
        ("search", "q=9999999"),
        ("compare", f"record=institution/{studio.key}&record=institution/{part.key}&record=institution/none"),
        ("compare", f"record=institution/{studio.key}&add=1"),
        ("compare", "&".join(f"record=institution/none-{number}" for number in range(5)) + "&add=9999999"),
        ("corrections:correction_new", f"record=institution/{studio.key}"),
        ("corrections:correction_new", f"record=institution/{studio.key}&fact=founded"),
        ("corrections:correction_new", f"record=institution/{studio.key}&fact=contact/{contact.pk}/value"),
        ("corrections:correction_new", "country=TJ&kind=archive"),
        ("corrections:correction_new", "fact=founded"),
    ]
    corrected = {"record_kind": "institution", "record_key": studio.key, "fact": "founded", "wrong": "1931?"}
    answers = [
        {"email": "a@example.org"},
        {"state": "accepted", "answered_at": timezone.now()},
        {"state": "declined", "answered_at": timezone.now(), "reason": "1930."},
        {"record_key": "gone", "fact": ""},
    ]
    corrections = [Correction.objects.create(**corrected | answer) for answer in answers]
    corrections.append(Correction.objects.create(missing_kind="archive", country=country, wrong="1"))
    old = datetime(2020, 1, 1, tzinfo=UTC)
    letters = {"open": {}, "answered": {"sent_at": old, "answered_at": timezone.now()}, "old": {"sent_at": old}}
    for name, fields in letters.items():
        studio.confirmation_requests.create(secret_hash=hashed(name), addresses=["a@example.org"], **fields)
    lists_kept = [
        ContactList.objects.create(origin="hand", picked=[f"institution/{studio.key}"], owner_hash=hashed("owner")),
        ContactList.objects.create(origin="institutions", query="country=TJ", owner_hash=hashed("owner")),
    ]
    secret = [
        *(("corrections:correction_status", correction.secret) for correction in corrections),
        *(("corrections:confirmation", name) for name in letters),
        ("corrections:no_more_letters", "open"),
        *(("contacts:contact_list", kept.secret) for kept in lists_kept),
        *(("contacts:contact_list_owner", kept.secret, "owner") for kept in lists_kept),
    ]
    return lambda: [
        *map(reverse, lists),
        *(record.get_absolute_url() for record in [*records, load]),
        *(f"{reverse(name)}?{query}" for name, query in filtered),
        *(reverse(name, args=secrets) for name, *secrets in secret),
        reverse("home") + "none/",
    ]


@pytest.mark.django_db
def test_russian_pages_say_nothing_in_latin_letters(client, addresses):
    with translation.override("ru"):
        pages = addresses()

    texts = {page: re.sub(LATIN_IN_RUSSIAN, "", own_words(client.get(page), "ru")) for page in pages}

    assert [page for page, text in texts.items() if "Киностудии" not in text] == []
    latin = {page: re.findall(r"[A-Za-z]{2,}", text) for page, text in texts.items()}
    assert {page: words for page, words in latin.items() if words} == {}


@pytest.mark.django_db
def test_english_pages_say_nothing_in_cyrillic_letters(client, addresses):
    with translation.override("en"):
        pages = addresses()

    texts = {page: own_words(client.get(page), "en") for page in pages}

    assert [page for page, text in texts.items() if "Studios" not in text] == []
    cyrillic = {page: re.findall(r"[Ѐ-ӿ]{2,}", text) for page, text in texts.items()}
    assert {page: words for page, words in cyrillic.items() if words} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["institutions_export", "people_export"])
def test_files_in_russian_say_nothing_in_latin_letters(client, name):
    with translation.override("ru"):
        address = reverse(f"contacts:{name}", args=["csv"])

    heading = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    refusal = client.get(address, {"kind": "0"}).content.decode()

    assert "страна" in heading
    assert "Выберите корректный вариант" in refusal
    assert re.findall(r"[A-Za-z]{2,}", heading + refusal) == []
