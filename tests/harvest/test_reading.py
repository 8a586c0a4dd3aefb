"""Tests of reading websites: their quality, and what a site may make the reader do."""

import datetime
import gzip
import json
import ssl
from contextlib import closing
from io import StringIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command

from harvest.official_pages.finding import same_site
from harvest.official_pages.reading import MOST_BYTES, MOST_PAGES, read_site
from tests.harvest.quality import measured, overall, shares
from tests.harvest.site_server import SiteServer, StoredSite, stored_sites

PHONE = "<p>Тел.: +7 727 234-55-11</p>"
NAME = "Студия «Тулпар»"


def test_quality_on_the_stored_sites():
    sites = stored_sites()

    total, by_site = measured(sites)

    assert len(sites) >= 60
    precision, recall = shares(overall(total))
    assert precision >= 0.95, by_site
    assert recall >= 0.90, by_site
    for kind in ("state", "department"):
        assert min(shares(total[kind])) >= 0.95, kind


@pytest.fixture
def serve():
    """Start a server with a site of these pages; return it and a reader of the site."""
    servers = []

    def start(pages, **options):
        server = SiteServer([StoredSite("studio", "KZ", [NAME], pages)])
        servers.append(server)
        url = f"http://studio.example:{server.port}/"
        return server, lambda: read_site(url, countries=["KZ"], names=[NAME], client=server.client(**options))

    yield start
    for server in servers:
        server.close()


def values(reading):
    return [one.value for one in reading.taken]


def paths(server):
    return [path for _host, path in server.asked]


def test_few_pages_are_read_the_best_first(serve):
    links = "".join(f'<a href="/page{number}/contacts">Контакты {number}</a>' for number in range(4_000))
    pages = {f"/page{number}/contacts": PHONE for number in range(20)}
    server, read = serve({"/": f'<a href="/news">Новости</a><a href="/kontakty">Контакты</a>{links}', **pages})

    reading = read()

    assert paths(server)[:3] == ["/robots.txt", "/", "/kontakty"]
    assert "/news" not in paths(server)
    assert len(server.asked) == 1 + MOST_PAGES
    assert {str(page.skipped) for page in reading.pages[MOST_PAGES:]} == {"enough-pages"}
    assert values(reading) == ["+77272345511"]


def test_other_sites_and_files_are_not_asked_for(serve):
    server, read = serve(
        {
            "/": '<a href="http://other.example/contacts">Контакты</a><a href="/contacts.pdf">Контакты</a>'
            f'<a href="http://127.0.0.1/contacts">Контакты</a><a href="/inside">Контакты</a>{PHONE}',
            "/inside": {"redirect": "http://127.0.0.1:PORT/secret"},
        }
    )

    reading = read()

    assert paths(server) == ["/robots.txt", "/", "/inside"]
    assert [(page.url.rpartition("/")[2], str(page.skipped)) for page in reading.pages][1:] == [("inside", "failed")]


def test_each_contact_says_where_it_stands(serve):
    text = "О фильмах. " * 50
    page = f"<h2>Пресс-служба</h2><p>{text}тел. (727) 234-55-11, доб. 12</p>"
    server, read = serve({"/": f"<html lang=ru>{page}"})

    [phone] = read().taken

    assert phone.page == f"http://studio.example:{server.port}/"
    assert (phone.extension, phone.department, phone.language) == ("12", "Пресс-служба", "ru")
    assert "(727) 234-55-11" in phone.shown
    assert phone.shown in phone.quotation
    assert len(phone.quotation) <= 200


HOSTILE = {
    "deep": "<div>" * 200_000,
    "entities": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + "&b;" * 10_000,
    "nested JSON": f'<script type="application/ld+json">{"[" * 100_000}</script>',
    "one line": "12 34 56 - " * 100_000,
    "tables": "<table><tr><td>" * 500,
    "letters": "a.b-c" * 200_000,
    "styles": f"<style>{'@media{' * 50_000}</style>",
    "scripts": "<script>a = '@' + " + "'b' + " * 3_000 + "</script>",
    "zeros": "\0" * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_and_hide_nothing(serve, name):
    _server, read = serve({"/": f"<html><title>{NAME}</title>{PHONE}{HOSTILE[name]}"})

    assert values(read()) == ["+77272345511"]


def test_bodies_are_cut_at_the_limit(serve):
    bomb = PHONE.encode() + b" " * (5 * MOST_BYTES)

    def endless(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(PHONE.replace("11", "12").encode())
        while True:
            handler.wfile.write(b" " * 65_536)

    server, read = serve({"/": f'{PHONE}<a href="/contacts">Контакты</a><a href="/kontakty">Контакты</a>'})
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"}
    server.pages["studio.example", "/contacts"] = lambda handler: handler._say(200, gzip.compress(bomb), headers)
    server.pages["studio.example", "/kontakty"] = endless

    reading = read()

    assert [page.is_cut for page in reading.pages] == [False, True, True]
    assert values(reading) == ["+77272345511", "+77272345512"]


def test_slow_page_is_given_up_and_the_others_are_read(serve):
    def slow(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while handler.wfile.write(b"x"):
                handler.connection.settimeout(0.05)
                try:
                    handler.connection.recv(1)
                except TimeoutError:
                    continue
                return
        except OSError:
            return

    server, read = serve(
        {"/": '<a href="/contacts">Контакты</a><a href="/about">О нас</a>', "/about": PHONE}, request_seconds=0.5
    )
    server.pages["studio.example", "/contacts"] = slow

    reading = read()

    assert [str(page.skipped) for page in reading.pages] == ["", "failed", ""]
    assert values(reading) == ["+77272345511"]


def test_robots_txt_that_cannot_be_read_forbids_the_site(serve):
    server, read = serve({"/robots.txt": {"status": 500, "body": ""}, "/": PHONE})

    reading = read()

    assert (reading.state, reading.reason) == ("forbidden", "robots")
    assert paths(server) == ["/robots.txt"]


@pytest.mark.parametrize(
    "pages", [{}, {"/": {"status": 429, "body": ""}}, {"/": {"body": "%PDF", "type": "image/png"}}]
)
def test_site_without_a_page_has_no_contacts(serve, pages):
    _server, read = serve(pages)

    reading = read()

    assert (reading.taken, reading.left_out) == ((), ())


def certificate_for(host, folder):
    """Return the path of a certificate that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    signed = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        key, hashes.SHA256()
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "site.pem"
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


def run(*options):
    output = StringIO()
    call_command("read_official_pages", "--country", "KZ", *options, stdout=output)
    return output.getvalue()


def test_command_reads_one_site_over_tls_and_prints_json(tmp_path):
    file = certificate_for("studio.example", tmp_path)
    with closing(SiteServer([StoredSite("studio", "KZ", [NAME], {"/": f"<title>{NAME}</title>{PHONE}"})])) as server:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(file)
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        site = ["--site", f"https://studio.example:{server.port}/", "--name", NAME]
        site += ["--resolve", f"studio.example:{server.port}:127.0.0.1"]

        trusted = json.loads(run(*site, "--ca-file", str(file), "--json"))
        untrusted = run(*site)

    assert list(trusted) == [
        "site",
        "state",
        "state_reason",
        "state_reason_text",
        "status",
        "moved_to",
        "pages",
        "taken",
        "left_out",
    ]
    assert (trusted["state"], trusted["taken"][0]["value"]) == ("ok", "+77272345511")
    assert {"kind", "value", "shown", "department", "page", "quotation", "found_by"} < trusted["taken"][0].keys()
    assert "unreachable (the certificate is not trusted)" in untrusted


@pytest.mark.parametrize("option", [["--resolve", "studio.example:80"], ["--ca-file", "/nowhere.pem"]])
def test_command_refuses_nonsense(option):
    with pytest.raises(CommandError):
        run("--site", "http://studio.example/", *option)


def test_command_does_not_ask_this_machine_without_being_told():
    with closing(SiteServer([])) as server:
        output = run("--site", f"http://127.0.0.1:{server.port}/")

        assert "not a public internet address" in output
        assert server.asked == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("http://www.kino.kz/", "https://en.kino.kz/contact", True),
        ("http://kino.gov.kz/", "http://sport.gov.kz/", False),
        ("http://studio.ucoz.ru/", "http://other.ucoz.ru/", False),
        ("http://10.0.0.1/", "http://127.0.0.1/", False),
    ],
)
def test_pages_of_one_site(one, other, expected):
    assert same_site(one, other) is expected
