"""Facts of institutions, programmes and countries, each declared once."""

from django.utils.translation import gettext_lazy as _

from records.facts import (
    CONTACTS,
    EDITORS_NOTE,
    IN_ROWS,
    NAME_FIELDS,
    REMARKS,
    SOURCES,
    VARIANTS,
    Fact,
    FactField,
    FactRegistry,
    only_shown,
)

# Kinds of institutions that have editions.
FESTIVALS = ("festival",)

INSTITUTION_FACTS = FactRegistry(
    Fact(
        "names",
        _("names"),
        (
            FactField(
                "name_en",
                headings="name (en); name en; name in english; title (en); english; название (en); "
                "название на английском; название (англ.); название по-английски; английское название",
                example="Example Film Studio",
            ),
            FactField(
                "name_ru",
                headings="name (ru); name ru; name in russian; russian; название (ru); название на русском; "
                "название (рус.); название по-русски; русское название",
                example="Киностудия «Пример»",
            ),
            FactField(
                "name_native",
                headings="name (native); native; local name; original name; название на родном языке; "
                "национальное название; местное название; название на национальном языке; "
                "название на государственном языке",
                example="Студияи «Намуна»",
            ),
            FactField(
                "native_language",
                is_correctable=False,
                headings="language; native language; язык; язык названия; язык местного названия",
                example="tg",
            ),
        ),
        data_type="names",
    ),
    Fact("former_names", _("former names"), IN_ROWS, data_type="list"),
    Fact("acronyms", _("acronyms"), IN_ROWS, data_type="texts"),
    VARIANTS,
    Fact(
        "kind",
        _("kind"),
        headings="type; category; type of organisation; kind of institution; тип; вид; категория; "
        "тип организации; вид учреждения",
        example="studio",
        data_type="text",
    ),
    Fact(
        "country",
        _("country"),
        (
            FactField("country", headings="state; страна; государство", example="Tajikistan"),
            *only_shown("is_international"),
        ),
        data_type="country?",
    ),
    Fact("city", _("city"), headings="town; place; город; населённый пункт", example="Dushanbe", data_type="text?"),
    Fact(
        "parent",
        _("parent institution"),
        headings="parent organisation; belongs to; входит в; головная организация; в составе; подчинение",
        data_type="key?",
    ),
    Fact("successor", _("successor"), is_sourced=False),
    Fact(
        "ownership",
        _("ownership"),
        headings="owner; form of ownership; собственность; форма собственности; принадлежность",
        example="state",
        data_type="text?",
        is_plain=True,
    ),
    Fact(
        "status",
        _("status"),
        headings="state of work; состояние; статус",
        example="active",
        data_type="text",
        is_plain=True,
    ),
    Fact(
        "founded",
        _("founding date"),
        headings="established; year; year founded; founded in; since year; основана; основан; "
        "год основания; дата основания; год",
        example="1930",
        data_type="date?",
        is_plain=True,
    ),
    Fact("closed", _("closing date"), headings="закрыта; год закрытия; ликвидирована", is_sourced=False, is_plain=True),
    Fact(
        "edition_start",
        _("first day of the next edition"),
        headings="next edition; edition from; festival dates; следующий фестиваль; фестиваль с; дата начала",
        example="2027-05-12",
        data_type="date*",
        is_plain=True,
        kinds=FESTIVALS,
    ),
    Fact(
        "edition_end",
        _("last day of the next edition"),
        headings="edition until; end of the festival; фестиваль до; дата окончания",
        example="2027-05-19",
        data_type="date*",
        is_plain=True,
        kinds=FESTIVALS,
    ),
    Fact(
        "submissions_open",
        _("opening of submissions"),
        headings="submissions from; call for entries; приём заявок с; начало приёма заявок",
        example="2026-12-01",
        data_type="date*",
        is_plain=True,
        kinds=FESTIVALS,
    ),
    Fact(
        "submissions_close",
        _("deadline of submissions"),
        headings="deadline; submissions until; entry deadline; срок подачи; дедлайн; приём заявок до",
        example="2027-02-28",
        data_type="date*",
        is_plain=True,
        kinds=FESTIVALS,
    ),
    Fact(
        "submission_url",
        _("page for submissions"),
        headings="submission link; submit; entry form; подача заявок; ссылка для заявок",
        example="https://filmfreeway.com/example",
        data_type="url*",
        is_plain=True,
        kinds=FESTIVALS,
    ),
    Fact(
        "address",
        _("address"),
        (
            FactField(
                "address_local",
                headings="address; postal address; street; street address; адрес; почтовый адрес; "
                "юридический адрес; улица",
            ),
            FactField(
                "address_latin",
                headings="address (en); address in english; address in latin; адрес (en); "
                "адрес на английском; адрес латиницей",
                example="43 Bukhoro Street",
            ),
        ),
        data_type="text?",
    ),
    Fact(
        "postal_code",
        _("postal code"),
        headings="zip; zip code; postcode; post code; индекс; почтовый индекс",
        example="734025",
        data_type="text?",
    ),
    Fact(
        "coordinates",
        _("coordinates"),
        (FactField("latitude"), FactField("longitude")),
        is_public=False,
        data_type="degrees?",
    ),
    Fact("phones", _("telephone"), IN_ROWS, data_type="phones"),
    Fact("emails", _("e-mail"), IN_ROWS, data_type="emails"),
    Fact("website", _("website"), IN_ROWS, data_type="url?"),
    Fact("social", _("social media"), IN_ROWS, data_type="map"),
    Fact("positions", _("posts"), IN_ROWS),
    Fact(
        "services",
        _("services"),
        headings="service; facilities; услуги; услуга; возможности",
        example="sound stages; dubbing",
        data_type="texts",
    ),
    Fact("stages", _("sound stages"), IN_ROWS, data_type="list"),
    Fact(
        "description",
        _("description"),
        (
            FactField(
                "description_en",
                headings="description (en); description in english; about; описание (en); описание на английском",
            ),
            FactField(
                "description_ru",
                headings="description (ru); описание; описание (ru); описание на русском; о студии; об организации",
            ),
        ),
        data_type="text",
    ),
    Fact("identifiers", _("ids in registers"), only_shown("identifiers"), data_type="identifiers"),
    REMARKS,
    EDITORS_NOTE,
    CONTACTS,
    SOURCES,
)

PROGRAMME_FACTS = FactRegistry(
    Fact("names", _("names"), NAME_FIELDS, is_sourced=False),
    Fact("name_en", _("name"), IN_ROWS, data_type="text"),
    Fact("name_ru", _("name in Russian"), IN_ROWS, is_sourced=False, data_type="text*"),
    Fact("kind", _("kind"), data_type="text"),
    Fact("country", _("country"), data_type="country?"),
    Fact("institution", _("institution"), data_type="key?"),
    Fact("partner_institutions", _("partner institutions"), only_shown("partner_institutions"), data_type="keys"),
    Fact("partners", _("partners"), data_type="texts"),
    Fact("rate_percent", _("rate"), data_type="number?"),
    Fact("minimum_spend", _("minimum spend"), data_type="number?"),
    Fact("cap", _("cap"), data_type="number?"),
    Fact("currency", _("currency"), only_shown("currency"), data_type="currency?"),
    Fact("in_force_since", _("date of entry into force"), (FactField("since"),), data_type="date?"),
    Fact("until", _("end date"), is_sourced=False),
    Fact("call_opens", _("opening of the call"), data_type="date*"),
    Fact("call_closes", _("deadline"), data_type="date*"),
    Fact("summary", _("summary"), (FactField("summary_en"), FactField("summary_ru")), data_type="text"),
    REMARKS,
    EDITORS_NOTE,
    SOURCES,
)

COUNTRY_FACTS = FactRegistry(
    Fact("cis_status", _("status in the CIS"), (FactField("cis_status"), FactField("cis_until")), data_type="text"),
    Fact("cis_since", _("date of joining the CIS"), data_type="date?"),
    Fact("film_law", _("film law"), (FactField("film_law_en"), FactField("film_law_ru")), data_type="text?"),
    Fact("coproduction", _("co-production treaties"), IN_ROWS, data_type="list"),
    REMARKS,
    EDITORS_NOTE,
    SOURCES,
)
