"""Tests of single lines as institutions write them: numbers, e-mail addresses, accounts, postal addresses."""

import pytest

from harvest.official_pages.contacts import PageContacts
from harvest.official_pages.names import Names
from harvest.official_pages.pages import page_of
from harvest.official_pages.reading import read_site
from tests.harvest.site_server import SiteServer, StoredSite
from web.site_client import Answer


def taken(country, html):
    """Return kind, value and department of what is taken from a page of contacts."""
    page = page_of(Answer("http://studio.example/contacts", 200, {"Content-Type": "text/html"}, html.encode()))
    page.is_contact_page = True
    found = PageContacts(page, (country,), Names(["Студия «Тулпар»"]), "studio.example").all()
    return [
        ", ".join(filter(None, [one.kind, one.value, one.extension, one.department])) for one in found if not one.reason
    ]


@pytest.mark.parametrize(
    ("country", "html", "expected"),
    [
        ("KZ", "Тел.: 8-727-2345511 доб.101 с 9-00 до 18-00", ["phone, +77272345511, 101"]),
        ("KZ", "тел. (727) 234-55-11/12", ["phone, +77272345511", "phone, +77272345512"]),
        ("KZ", "тел. 8(727)234-55-11, ф. 234-55-13", ["phone, +77272345511", "fax, +77272345513"]),
        ("KZ", "Москва: 8 (495) 225-41-41", ["phone, +74952254141, Москва"]),
        ("KZ", "+7 /727/ 234-55-11", ["phone, +77272345511"]),
        ("KZ", "Приёмная: 234-55-11<p>(код города 727)", ["phone, +77272345511, Приёмная"]),
        ("KZ", "Тел./факс: +7 (71-72) 453 980", ["phone, +77172453980", "fax, +77172453980"]),
        ("KZ", "Тел./WhatsApp: +7 701 234 55 12", ["phone, +77012345512", "whatsapp, +77012345512"]),
        ("UZ", "71-207-11-80 | Факс: 71-207-11-82", ["phone, +998712071180", "fax, +998712071182"]),
        ("UZ", "Kotibiyat — (998-71) 207-11-81", ["phone, +998712071181, Kotibiyat"]),
        ("TJ", "Т. 8-3422-6-41-17", ["phone, +992342264117"]),
        ("AZ", "Əlaqə: 012 493-12-12 (daxili 1121)", ["phone, +994124931212, 1121"]),
        ("GE", "ტელ.: 2 99 41 08, (+995 32) 2 99 41 09", ["phone, +995322994108", "phone, +995322994109"]),
        ("AM", "Հեռախոս` +(374) 10-58-01-02", ["phone, +37410580102"]),
        ("MD", "mob. 0 691 23 490", ["phone, +37369123490"]),
        ("RU", "Директор Иванов И. И., тел. +7.495.225.41.43", ["phone, +74952254143, Директор"]),
        (
            "RU",
            "+7 495 225-41-41 – касса, +7 495 225-41-42 – склад",
            ["phone, +74952254141, касса", "phone, +74952254142, склад"],
        ),
        ("RU", "ИНН 7704218694, р/с 40702810400000012345, 12.05.2020, 10:00–19:00, 2010-2020, 15 000 000 руб.", []),
        ("RU", "Например: +7 495 225-41-41, user@domain.com, noreply@studio.example, logo@2x.png", []),
        ("RU", "Гостиница «Волга»: +7 495 225-41-41", []),
        (
            "RU",
            "a (at) x.ru, b[собака]x dot ru, c @ x.ru, d{at}x [точка] ru",
            [f"email, {each}@x.ru" for each in "abcd"],
        ),
        ("RU", "Look at studio.example", []),
        (
            "RU",
            "Telegram: @tulpar_film, vk.com/tulpar",
            ["vk, https://vk.com/tulpar", "telegram, https://t.me/tulpar_film"],
        ),
        ("RU", '<a href="tel:+74952254141,105">звонок</a>', ["phone, +74952254141, 105"]),
        ("RU", '<a href="tel:+71234567890">+7 495 225-41-41</a>', ["phone, +74952254141"]),
    ],
)
def test_line_of_contacts(country, html, expected):
    assert sorted(taken(country, f"<p>{html}</p>")) == sorted(expected)


@pytest.mark.parametrize(
    ("country", "html", "expected"),
    [
        ("RU", "г. Москва<br>ул. Мосфильмовская, д. 1<br>119991", "г. Москва, ул. Мосфильмовская, д. 1, 119991"),
        ("KZ", "<b>Адрес:</b><p>Алматы,<p>Абая 10<p>Тел.: 8 727 234 55 11", "Алматы, Абая 10"),
        ("KZ", "ТОО «Тулпар», БИН 961240001234, 050010, г.Алматы, пр.Абая, д.10", "050010, г.Алматы, пр.Абая, д.10"),
        ("AZ", "AZ1001, Bakı, Azadlıq prospekti 191. Tel: 012 493-12-12", "AZ1001, Bakı, Azadlıq prospekti 191"),
        ("GE", "გურამ ფანჯიკიძის 22, 0160, თბილისი", "გურამ ფანჯიკიძის 22, 0160, თბილისი"),
        ("RU", "В 1990 году студия была основана на ул. Панфилова, 98.", ""),
        ("RU", "Адрес: г. Москва, ул. Примерная, 123", ""),
    ],
)
def test_postal_address(country, html, expected):
    server = SiteServer([StoredSite("studio", country, [], {"/": f"<html><p>{html}</p><p>info@studio.example</p>"})])
    reading = read_site(
        f"http://studio.example:{server.port}/", countries=[country], names=["Тулпар"], client=server.client()
    )
    server.close()

    assert [one.value for one in reading.taken if one.kind == "address"] == ([expected] if expected else [])
