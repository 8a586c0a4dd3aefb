"""Tests of /metrics: counts of a process like gunicorn's, served by another one."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest
from django.core.management import CommandError, call_command

from cisfilm import devdb
from cisfilm.models import CommandRun
from tests.embedded_server import address_of_test_database, unconfigured_environment
from tests.factories import create_institution
from tests.web.test_waiting import WEB_PROCESS


@pytest.mark.server
def test_requests_of_another_process_and_the_state_of_the_site_are_served(transactional_db, tmp_path):
    create_institution()
    CommandRun.note("purge", succeeded=False, seconds=2.5)
    environment = unconfigured_environment(
        DEVELOPMENT="True",
        DATABASE_URL=address_of_test_database(),
        PROMETHEUS_MULTIPROC_DIR=str(tmp_path),
        PAGE_STORE_MEGABYTES="1",
    )
    asked = "/robots.txt /robots.txt /institutions/ /institutions/none/ /livez\n"
    web = [sys.executable, "-c", WEB_PROCESS]
    options = {"cwd": devdb.CHECKOUT, "env": environment, "text": True, "stdout": subprocess.PIPE}
    answers = json.loads(subprocess.run(web, input=asked, check=True, **options).stdout)
    assert [answer[0] for answer in answers] == [400, 400, 200, 404, 200]

    with subprocess.Popen([sys.executable, "manage.py", "serve_metrics", "--port=0"], **options) as server:
        try:
            url = server.stdout.readline().strip()
            with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 our own
                text = response.read().decode()
        finally:
            server.terminate()

    assert url.startswith("http://127.0.0.1:")
    values = dict(re.findall(r"^(\S+) (\S+)$", text, re.MULTILINE))
    expected = {
        'cisfilm_requests_total{method="GET",status="200"}': 1,
        'cisfilm_requests_total{method="GET",status="400"}': 2,
        'cisfilm_requests_total{method="GET",status="404"}': 1,
        'cisfilm_request_seconds_bucket{le="+Inf"}': 4,
        'cisfilm_page_store_total{answer="made"}': 4,
        "cisfilm_database_up": 1,
        'cisfilm_inbox{kind="proposals"}': 0,
        'cisfilm_command_failed{command="purge"}': 1,
        'cisfilm_command_duration_seconds{command="purge"}': 2.5,
    }
    assert {name: float(values.get(name, "nan")) for name in expected} == expected
    assert float(values["cisfilm_stale_words"]) > 0


def test_metrics_need_the_folder_that_the_site_counts_in(monkeypatch):
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    with pytest.raises(CommandError, match="PROMETHEUS_MULTIPROC_DIR"):
        call_command("serve_metrics")
