"""docs/operating.md, followed word for word on a machine of its own, and the site that comes of it."""

import json
import re
import subprocess

import pytest

from tests.deploy.machine import CHECKOUT, booted, sections
from tests.one_time_codes import one_time_code

SITE = "https://cisfilm.example"
CURL = f"curl --silent --show-error --max-time 30 --cacert /etc/cisfilm/tls/chain.pem {SITE}"
HEADERS = "--output /dev/null --dump-header -"
# Logs an editor in as a browser would, with a code of the app, and says what the editors' site answers.
LOGIN = """
import http.cookiejar, re, ssl, sys, urllib.parse, urllib.request
context = ssl.create_default_context(cafile="/etc/cisfilm/tls/chain.pem")
jar = http.cookiejar.CookieJar()
browser = urllib.request.build_opener(
    urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(jar))
browser.addheaders = [("Referer", "SITE/account/login/")]
def post(path, **fields):
    page = browser.open("SITE" + path).read().decode()
    fields["csrfmiddlewaretoken"] = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return browser.open("SITE" + path, urllib.parse.urlencode(fields).encode())
post("/account/login/", login="anna", password="a long password of hers")
post("/account/login/factor/", code=sys.argv[1])
admin = browser.open("SITE/admin/")
print(admin.status, admin.url, "anna" in admin.read().decode())
""".replace("SITE", SITE)
MAKE_EDITOR = """
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
user = get_user_model().objects.create_user("anna", password="a long password of hers", is_staff=True)
TOTP.activate(user, "JBSWY3DPEHPK3PXP")
"""
SECRET = "JBSWY3DPEHPK3PXP"


def git(*arguments, cwd=CHECKOUT):
    author = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "safe.directory=*"]
    return subprocess.run(
        ["git", *author, *arguments], cwd=cwd, check=True, capture_output=True, text=True
    ).stdout.strip()


def release_before() -> str:
    """Return the newest commit before this one whose tables this one's migrations lead on from."""
    # The first one is this one; a shallow clone has no others.
    for commit in git("rev-list", "--first-parent", "--max-count=20", "HEAD").split()[1:]:
        changed = git("diff", "--diff-filter=MD", "--name-only", commit, "HEAD", "--", "*/migrations/*.py", "deploy")
        has_units = git("ls-tree", commit, "deploy/systemd/cisfilm.service")
        if has_units and not re.search("migrations/|deploy/systemd/.*service", changed):
            return commit
    return git("commit-tree", "-m", "The same as before", "HEAD^{tree}")


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """Copy of the repository, in which `main` is what is checked out, and `before` the release before."""
    copy = tmp_path_factory.mktemp("origin") / "cisfilm.git"
    before = release_before()
    git("clone", "--quiet", "--bare", str(CHECKOUT), str(copy))
    for name, commit in [("main", git("rev-parse", "HEAD")), ("before", before)]:
        git("fetch", "--quiet", str(CHECKOUT), commit, cwd=copy)
        git("branch", "--force", name, commit, cwd=copy)
    return copy


@pytest.fixture(scope="module")
def manual():
    return sections((CHECKOUT / "docs" / "operating.md").read_text("utf-8"))


@pytest.fixture
def machine():
    with booted() as machine:
        # As apt does on an empty machine.
        machine.run("pg_createcluster $(ls /usr/lib/postgresql | tail -n 1) main")
        yield machine


@pytest.mark.server
@pytest.mark.machine
@pytest.mark.outside_programs("systemd", "nginx", "postgresql", "git", "namespaces")
def test_manual_leads_from_an_empty_machine_to_a_site_that_survives(machine, manual, repository):
    bring_code(machine, repository)
    steps = [script for heading, script in manual.items() if re.match(r"\d\. ", heading)]
    assert len(steps) == 7
    told = machine.run("set -x\n" + "".join(steps), UV_OFFLINE="1")
    assert_doctor_misses_mail_only(told)
    machine.run(
        "systemd-analyze verify --man=no /etc/systemd/system/cisfilm*.service /etc/systemd/system/cisfilm*.timer"
    )
    assert_readers_are_served(machine)
    assert_cached_pages_are_asked_for(machine)
    assert_secrets_stay_out_of_logs(machine)
    assert_editor_gets_in(machine)
    assert_runtime_cannot_change_audit_lines(machine)
    assert_upgrade_goes_unnoticed(machine, manual["Upgrade"])
    assert_release_before_comes_back(machine, manual["Back to the release before"])
    assert_backup_comes_back(machine, manual["Restore"])


def bring_code(machine, repository):
    """Put the repository at the place that the manual clones to."""
    archive = repository.parent / "origin.tar"
    subprocess.run(["tar", "-cf", archive, "-C", repository.parent, repository.name], check=True)
    with archive.open("rb") as stream:
        unpacking = ["nsenter", "--all", f"--target={machine.pid}", "tar", "-xf", "-", "-C", "/srv"]
        subprocess.run(unpacking, stdin=stream, check=True)
    machine.run("git clone --quiet /srv/cisfilm.git /srv/cisfilm")


def assert_doctor_misses_mail_only(told):
    findings = re.findall(r"^\d+\. (.+)$", told, re.MULTILINE)
    assert [finding.split(":")[0] for finding in findings] == ["The mail server does not take mail"], findings


def assert_readers_are_served(machine):
    told = machine.run(f"{CURL}/ {HEADERS}; {CURL}/static/ {HEADERS}; curl -sI http://cisfilm.example/people/")
    page, _missing, plain = re.split("\n\n", told.strip())[:3]
    names = re.findall(r"^([\w-]+):", page, re.MULTILINE)
    assert page.startswith("HTTP/2 200")
    assert len(names) == len(set(names)), names
    assert {"strict-transport-security", "content-security-policy", "x-content-type-options", "etag"} <= set(names)
    assert "x-accel-expires" not in names
    assert f"Location: {SITE}/people/" in plain
    style = machine.run(f"{CURL}/ | grep -o '/static/css/[^\"]*css' | head -n 1").strip()
    static = machine.run(f"{CURL}{style} --compressed {HEADERS}").lower()
    assert "immutable" in static
    assert "content-encoding: gzip" in static
    # The list is whole, over HTTP/1.1 too.
    rows = machine.run(f"{CURL}/institutions/export/csv/ --http1.1 | wc -l")
    shown = machine.run(
        'runuser -u postgres -- psql -At cisfilm -c "SELECT count(*) FROM institutions_institution'
        " WHERE publication_state = 'published'\""
    )
    assert int(rows) >= int(shown) > 300
    probes = machine.run(
        "for probe in livez healthz; do curl -s --unix-socket /run/cisfilm.sock http://10.1.2.3/$probe; done"
    )
    assert probes == "ok\nok\n"
    assert "cisfilm_requests_total" in machine.run("curl -s http://127.0.0.1:9464/metrics")


def assert_cached_pages_are_asked_for(machine):
    page = f"{CURL}/institutions/bazelevs/"
    machine.run(f"{page} > /dev/null; {page} > /dev/null")
    assert "REVALIDATED" in machine.run("tail -n 1 /var/log/nginx/cisfilm.access.log")
    machine.run(
        "runuser -u postgres -- psql -q cisfilm -c \"UPDATE institutions_institution SET name_en = 'Qazaqstan'"
        " WHERE slug = 'bazelevs'\""
    )
    assert "Qazaqstan" in machine.run(page)


def assert_secrets_stay_out_of_logs(machine):
    secret = "verysecretword22222222"
    machine.run(
        f"for path in lists/$S/ lists/$S/owner/$S/ ru/confirm/$S/ ru/account/password/new/$S/?q=$S; do "
        f"{CURL}/$path > /dev/null; done",
        S=secret,
    )
    assert "/ru/confirm/..." in machine.run("cat /var/log/nginx/cisfilm.access.log")
    assert machine.run(f"(cat /var/log/nginx/*; journalctl -o cat) | grep -c {secret} || true") == "0\n"


def assert_editor_gets_in(machine):
    machine.run('cisfilm-manage shell -v0 -c "$CODE"', CODE=MAKE_EDITOR)
    told = machine.run('cd /srv/cisfilm && .venv/bin/python -c "$CODE" $ONCE', CODE=LOGIN, ONCE=one_time_code(SECRET))
    assert told == f"200 {SITE}/admin/ True\n"
    assert "logged-in: about 'anna'" in machine.run("journalctl -o cat -u cisfilm")


def assert_runtime_cannot_change_audit_lines(machine):
    told = machine.run("runuser -u cisfilm -- psql cisfilm -c 'TRUNCATE accounts_auditline' 2>&1 || true")
    assert "permission denied for table accounts_auditline" in told


def assert_upgrade_goes_unnoticed(machine, upgrade):
    """Put the release before in place, then upgrade while somebody reads."""
    machine.run(
        "cd /srv/cisfilm; git checkout -q --detach origin/before; "
        "uv sync -q --no-dev --managed-python; systemctl restart cisfilm",
        UV_OFFLINE="1",
        UV_PYTHON_INSTALL_DIR="/opt/python",
    )
    reading = (
        "systemd-run --quiet --unit=reader bash -c "
        f"'while :; do {CURL}/about/ -o /dev/null -w \"%{{http_code}}\\n\" >> /run/statuses; sleep 0.1; done'"
    )
    told = machine.run(f"{reading}\nset -x\n{upgrade}\nsleep 2; systemctl stop reader", UV_OFFLINE="1")
    assert_doctor_misses_mail_only(told)
    statuses = machine.run("cat /run/statuses").split()
    assert (set(statuses), len(statuses) > 20) == ({"200"}, True)
    assert machine.run("cd /srv/cisfilm; git diff --stat origin/main").strip() == ""
    assert "200" in machine.run("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9464/metrics")


def assert_release_before_comes_back(machine, rollback):
    machine.run(rollback, UV_OFFLINE="1")
    assert machine.run("cd /srv/cisfilm; git diff --stat origin/before").strip() == ""
    assert machine.run(f"{CURL}/about/ -o /dev/null -w '%{{http_code}}'") == "200"
    machine.run(
        "cd /srv/cisfilm; git checkout -q --detach origin/main; uv sync -q --no-dev --managed-python; "
        "systemctl restart cisfilm",
        UV_OFFLINE="1",
        UV_PYTHON_INSTALL_DIR="/opt/python",
    )


def assert_backup_comes_back(machine, restore):
    machine.run("systemctl start cisfilm@back_up")
    withholding = (
        "from people.models import Person; from editors.withholding.withhold import withhold; "
        "withhold(Person.objects.published().first(), reason='letter')"
    )
    machine.run('cisfilm-manage shell -v0 -c "$CODE"; systemctl start cisfilm@write_withheld', CODE=withholding)
    told = machine.run(restore)
    assert "1 people withheld since then" in told
    assert "Qazaqstan" in machine.run(f"{CURL}/institutions/bazelevs/")
    manifest = json.loads(machine.run("cat $(ls -d /var/backups/cisfilm/*T*Z | tail -n 1)/manifest.json"))
    assert re.fullmatch("[0-9a-f]{40}", manifest["commit"])
