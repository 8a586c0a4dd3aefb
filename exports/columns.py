"""The one registry of columns: headings, the page's choice of columns and the cells of every format come from here."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.facts import INSTITUTION_FACTS

from .cells import (
    check_date,
    first_given,
    freshness,
    freshness_of_post,
    identifiers,
    identity,
    largest,
    part_of_name,
    source,
    words_for,
)
from .column_types import (
    OF_INSTITUTIONS,
    OF_PEOPLE,
    ONE_NAME,
    Cell,
    Column,
)
from .contacts import (
    ADDRESSES,
    CHECKS,
    DETAILS,
    ELSEWHERE,
    EMAILS,
    FAX,
    PHONES,
    SIGHTINGS,
    WEBSITES,
    check_method,
    details,
    last_sighting,
    telephones,
)
from .envelopes import LATIN_FACTS, LOCAL_FACTS, latin_block, local_block
from .facts import (
    CITY,
    FIRST_SOURCE,
    FORM_OF_ADDRESS,
    IDENTIFIERS,
    IN_POST,
    INSTITUTION_OWN,
    IS_IN_POST,
    IS_PERSON,
    NAME,
    NAME_OWN,
    OWN_LANGUAGE,
    PAGE,
    PARENT,
    PERSON_KEY,
    SERVICES,
    STAGE_AREAS,
    STAGE_HEIGHTS,
    STAGES,
    TERRITORY,
    TITLE,
    institution_name,
    of_institution,
    of_post,
    of_record,
)

PLAIN = {"is_free_text": False}
COLUMNS = [
    Column("row", _("row"), (IS_PERSON,), words_for("rows"), rows=frozenset(["both"]), always=True, **PLAIN),
    Column("change", _("change"), only_in="changes", always=True, **PLAIN),
    Column("what_changed", _("what changed"), is_list=True, only_in="changes", always=True),
    Column("id", _("id"), (of_record("key"),), always=True, **PLAIN),
    Column(
        "name",
        pgettext_lazy("institution", "name"),
        (NAME,),
        names=ONE_NAME,
        labels={"representatives": pgettext_lazy("person", "name"), "both": pgettext_lazy("record", "name")},
    ),
    Column(
        "name_en",
        pgettext_lazy("institution", "English name"),
        (of_record("name_en"),),
        names=frozenset(["all", "latin-native"]),
        labels={
            "representatives": pgettext_lazy("person", "English name"),
            "both": pgettext_lazy("record", "English name"),
        },
    ),
    Column(
        "name_ru",
        pgettext_lazy("institution", "Russian name"),
        (of_record("name_ru"),),
        names=frozenset(["all"]),
        labels={
            "representatives": pgettext_lazy("person", "Russian name"),
            "both": pgettext_lazy("record", "Russian name"),
        },
    ),
    Column(
        "name_native",
        pgettext_lazy("institution", "native name"),
        (of_record("name_native"),),
        names=frozenset(["all"]),
        labels={
            "representatives": pgettext_lazy("person", "native name"),
            "both": pgettext_lazy("record", "native name"),
        },
    ),
    Column(
        "native_language",
        pgettext_lazy("institution", "language of the native name"),
        (of_record("native_language"),),
        names=frozenset(["all"]),
        labels={
            "representatives": pgettext_lazy("person", "language of the native name"),
            "both": pgettext_lazy("record", "language of the native name"),
        },
        **PLAIN,
    ),
    Column(
        "name_own",
        _("name in native script"),
        (NAME_OWN,),
        names=frozenset(["latin-native"]),
    ),
    Column(
        "own_language",
        _("language of that name"),
        (OWN_LANGUAGE,),
        names=frozenset(["latin-native"]),
        **PLAIN,
    ),
    Column(
        "form_of_address",
        _("form of address"),
        (FORM_OF_ADDRESS,),
        lambda words: lambda entered: entered or words.neutral_address,
    ),
    Column("given_name", _("given name"), **part_of_name("given"), rows=OF_PEOPLE),
    Column("patronymic", _("patronymic"), **part_of_name("patronymic"), rows=OF_PEOPLE),
    Column("family_name", _("family name"), **part_of_name("family"), rows=OF_PEOPLE),
    Column("post", _("post"), (TITLE,), rows=OF_PEOPLE),
    Column("role", _("role"), (of_post("role"),), words_for("roles"), rows=OF_PEOPLE, **PLAIN),
    Column(
        "certainty",
        _("in post on the date"),
        rows=OF_PEOPLE,
        only_in="date",
        always=True,
        **PLAIN,
    ),
    Column("event_role", _("role at the event"), only_in="event", **PLAIN),
    Column("institution", _("institution"), (institution_name(), of_post("body_name")), first_given, rows=OF_PEOPLE),
    Column(
        "institution_own",
        _("institution in native script"),
        (INSTITUTION_OWN,),
        rows=OF_PEOPLE,
        names=frozenset(["latin-native"]),
    ),
    Column("institution_id", _("id of the institution"), (of_institution("key"),), rows=OF_PEOPLE, **PLAIN),
    Column("kind", _("kind"), (of_institution("kind"),), words_for("kinds"), **PLAIN),
    Column("country", _("country"), (TERRITORY,), lambda words: words.territory, **PLAIN),
    Column("country_code", _("country code"), (of_institution("country_id"),), **PLAIN),
    Column("city", _("city"), (CITY,)),
    Column(
        "ownership",
        _("ownership"),
        (of_institution("ownership"),),
        words_for("ownerships"),
        rows=OF_INSTITUTIONS,
        **PLAIN,
    ),
    Column(
        "status",
        _("status"),
        (of_institution("status"),),
        words_for("statuses"),
        rows=OF_INSTITUTIONS,
        **PLAIN,
    ),
    Column(
        "founded",
        _("founded"),
        (of_institution("founded"),),
        rows=OF_INSTITUTIONS,
        cell=Cell.DATE,
        **PLAIN,
    ),
    Column("closed", _("closed"), (of_institution("closed"),), rows=OF_INSTITUTIONS, cell=Cell.DATE, **PLAIN),
    Column(
        "part_of",
        _("part of"),
        (PARENT,),
        rows=OF_INSTITUTIONS,
    ),
    Column(
        "services",
        _("services"),
        (SERVICES,),
        lambda words: words.services,
        rows=OF_INSTITUTIONS,
        is_list=True,
        **PLAIN,
    ),
    Column("stages", _("sound stages"), (STAGES,), rows=OF_INSTITUTIONS, is_list=True),
    Column(
        "stage_area", _("largest stage, m²"), (STAGE_AREAS,), largest, rows=OF_INSTITUTIONS, cell=Cell.NUMBER, **PLAIN
    ),
    Column(
        "stage_height",
        _("highest stage, m"),
        (STAGE_HEIGHTS,),
        largest,
        rows=OF_INSTITUTIONS,
        cell=Cell.NUMBER,
        **PLAIN,
    ),
    *(
        Column(
            name,
            INSTITUTION_FACTS.labels[name],
            (of_institution(name),),
            rows=OF_INSTITUTIONS,
            cell=Cell.LINK if name == "submission_url" else Cell.DATE,
            **PLAIN,
        )
        for name in INSTITUTION_FACTS.plain_fields_of_some
    ),
    Column("phones", _("telephone"), (PHONES,), telephones, is_list=True, cell=Cell.TELEPHONE, **PLAIN),
    Column("fax", _("fax"), (FAX,), telephones, is_list=True, cell=Cell.TELEPHONE, **PLAIN),
    Column("emails", _("e-mail"), (EMAILS,), is_list=True, **PLAIN),
    Column("website", _("website"), (WEBSITES,), is_list=True, cell=Cell.LINK, **PLAIN),
    Column(
        "elsewhere",
        _("other web pages"),
        (ELSEWHERE,),
        is_list=True,
        cell=Cell.LINK,
        **PLAIN,
    ),
    Column("contact_details", _("departments and languages"), (DETAILS,), details, is_list=True),
    Column("address_local", _("postal address in local form"), (of_institution("address_local"),)),
    Column("address_latin", _("postal address in Latin letters"), (of_institution("address_latin"),)),
    Column("postal_code", _("postal code"), (of_institution("postal_code"),)),
    Column(
        "identifiers",
        _("ids in registers"),
        (IDENTIFIERS,),
        identifiers,
        is_list=True,
        is_named=True,
        rows=OF_INSTITUTIONS,
        **PLAIN,
    ),
    Column("further_addresses", _("further addresses"), (ADDRESSES,), is_list=True),
    Column("envelope_local", _("envelope in local form"), LOCAL_FACTS, local_block, cell=Cell.BLOCK),
    Column("envelope_latin", _("envelope in Latin letters"), LATIN_FACTS, latin_block, cell=Cell.BLOCK),
    Column("since", _("since"), (of_post("since"),), rows=OF_PEOPLE, cell=Cell.DATE, **PLAIN),
    Column("until", _("until"), (of_post("until"),), rows=OF_PEOPLE, cell=Cell.DATE, **PLAIN),
    Column("as_of", _("as of"), (of_post("as_of"),), rows=OF_PEOPLE, cell=Cell.DATE, **PLAIN),
    Column("last_seen", _("last seen in the post"), (of_post("last_seen"),), rows=OF_PEOPLE, cell=Cell.DATE, **PLAIN),
    Column(
        "post_freshness",
        _("freshness of the post"),
        (of_post("last_seen"), IN_POST),
        freshness_of_post,
        rows=OF_PEOPLE,
        **PLAIN,
    ),
    Column("in_post", _("in post today"), (IN_POST,), words_for("in_post"), rows=OF_PEOPLE, **PLAIN),
    Column("checked_on", _("checked on"), (CHECKS,), check_date, cell=Cell.DATE, always=True, **PLAIN),
    Column(
        "check_method",
        _("checked by"),
        (CHECKS,),
        check_method,
        always=True,
        **PLAIN,
    ),
    Column(
        "seen_on", _("seen on the official site"), (SIGHTINGS,), lambda words: last_sighting, cell=Cell.DATE, **PLAIN
    ),
    Column("freshness", _("freshness"), (CHECKS, SIGHTINGS), freshness, **PLAIN),
    Column(
        "source",
        _("source"),
        (of_post("source__url"), CHECKS, FIRST_SOURCE),
        source,
        cell=Cell.LINK,
        always=True,
        **PLAIN,
    ),
    Column(
        "page",
        _("page in the directory"),
        (PAGE,),
        cell=Cell.LINK,
        always=True,
        **PLAIN,
    ),
]
# Stays the same from file to file: of the institution, or of the person in this post.
UID = Column(
    "uid",
    "",
    (PERSON_KEY, of_institution("key"), IS_IN_POST, of_post("body_name"), of_post("title_en"), of_post("since")),
    identity,
)
# Long to read and easily made from other columns, so that only those who want them have them.
ON_REQUEST = {"given_name", "patronymic", "family_name", "form_of_address", "envelope_local", "envelope_latin"}
# What a word processor needs for a letter and its envelope.
FOR_LETTERS = [
    *("id", "form_of_address", "family_name", "given_name", "patronymic", "name", "name_en", "name_own", "post"),
    *("institution", "envelope_local", "envelope_latin", "postal_code", "city", "country", "status", "emails"),
    *("until", "as_of", "last_seen", "post_freshness", "in_post", "checked_on", "check_method", "seen_on", "freshness"),
    *("source", "page"),
]


NAME_COLUMNS = {"name", "name_en", "name_ru", "name_native", "native_language", "name_own", "own_language"}


def columns_for(rows: str, names: str, chosen: list[str] | None = None, *list_kinds: str) -> list[Column]:
    """The columns of a file in the order of the registry: those chosen, or all that are not only `ON_REQUEST`."""
    there = [
        replace(column, label=column.labels.get(rows, column.label))
        for column in COLUMNS
        if rows in column.rows and names in column.names and column.only_in in ("", *list_kinds)
    ]
    if not chosen:
        return [column for column in there if column.name not in ON_REQUEST]
    # Whoever wants the name gets it in whichever columns the choice of names puts it.
    wanted = {*chosen} | (NAME_COLUMNS if "name" in chosen else set())
    return [column for column in there if column.always or column.name in wanted]


def columns_to_choose(*list_kinds: str) -> list[Column]:
    """Return the columns that the page offers: one box for the name, none for columns that are always there."""
    return [
        column
        for column in COLUMNS
        if not column.always
        and (column.name == "name" or column.name not in NAME_COLUMNS)
        and column.only_in in ("", *list_kinds)
    ]
