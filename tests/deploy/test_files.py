"""Tests of deploy/: timers run what the schedule says, containers name what exists."""

import configparser
import re
import subprocess
from datetime import datetime

import pytest
import yaml
from django.core.management import get_commands
from django.urls import get_resolver

from cisfilm.schedule import SCHEDULE
from cisfilm.settings import BASE_DIR
from tests.cisfilm.test_log_lines import SECRET, secret_paths
from tests.deploy.machine import sections

UNITS = BASE_DIR / "deploy" / "systemd"


def timers():
    return {path.stem.removeprefix("cisfilm-"): path.read_text() for path in UNITS.glob("*.timer")}


def test_every_command_of_the_schedule_has_a_timer():
    assert timers().keys() == SCHEDULE.keys()
    assert SCHEDULE.keys() <= get_commands().keys()
    for command, text in timers().items():
        unit = configparser.ConfigParser(strict=True)
        unit.optionxform = str
        unit.read_string(text)
        assert unit["Timer"]["Unit"] == f"cisfilm@{command}.service"
    drop_ins = {re.search("@(.+)[.]service", folder.name)[1] for folder in UNITS.glob("*.d")}
    assert drop_ins <= SCHEDULE.keys()


@pytest.mark.outside_programs("systemd")
def test_timers_run_as_often_as_the_doctor_expects():
    for command, text in timers().items():
        when = re.search("^OnCalendar=(.+)$", text, re.MULTILINE)[1]
        told = subprocess.run(
            ["systemd-analyze", "calendar", "--iterations=2", "--base-time=2026-12-07 12:00:00 UTC", when],
            capture_output=True,
            text=True,
            check=True,
            env={"TZ": "UTC", "PATH": "/usr/bin"},
        ).stdout
        times = re.findall(r"(?:Next elapse|Iter.*#2): \w+ ([\d-]+ [\d:]+) UTC", told)
        first, second = map(datetime.fromisoformat, times)
        assert second - first == SCHEDULE[command], command


def test_hardening_is_the_same_in_all_services():
    services = [path.read_text() for path in UNITS.glob("*.service")]
    names = "^(?:Protect|Restrict|Private|NoNew|System|Capab|Lock).*$"
    protections = [set(re.findall(names, text, re.MULTILINE)) for text in services]
    assert len(services) == 3
    assert len(protections[0]) > 15
    assert protections[0] == protections[1] == protections[2]


def test_nginx_logs_no_secret_of_any_link():
    configuration = (BASE_DIR / "deploy" / "nginx.conf").read_text("utf-8")
    [(pattern, _value)] = re.findall(r'^    "~(.+)" "(\$\{cisfilm_known\}\.\.\.)";$', configuration, re.MULTILINE)
    paths = list(secret_paths(get_resolver().url_patterns))

    assert len(paths) > 5
    for path in [*paths, *(f"/ru{path}" for path in paths)]:
        known = re.match(pattern.replace("(?<", "(?P<"), path)
        assert known, path
        assert SECRET not in known["cisfilm_known"], path


def test_containers_are_built_of_what_exists():
    compose = yaml.safe_load((BASE_DIR / "deploy" / "compose.yaml").read_text("utf-8"))
    services = compose["services"]
    for service in services.values():
        build = service.get("build")
        assert ("image" in service) != bool(build)
        assert not build or (BASE_DIR / build["dockerfile"]).is_file()
        assert set(service.get("depends_on", {})) <= services.keys()
        mounted = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert mounted <= compose["volumes"].keys()
    known = set(re.findall("^#?([A-Z_]+)=", (BASE_DIR / "env.example").read_text("utf-8"), re.M))
    assert services["web"]["environment"].keys() <= known

    lines = (BASE_DIR / "deploy" / "Containerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    instructions = [line.split(maxsplit=1)[0] for line in lines if line and line[0] != "#"]
    assert instructions[0] == "FROM"
    assert set(instructions) <= {"FROM", "RUN", "WORKDIR", "COPY", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}
    # As nobody may build as root what the internet reaches.
    assert instructions.index("USER") < instructions.index("CMD")


def test_manual_has_the_sections_that_the_test_follows():
    manual = sections((BASE_DIR / "docs" / "operating.md").read_text("utf-8"))

    assert [heading[:2] for heading in manual if heading[0].isdigit()] == [f"{number}." for number in range(1, 8)]
    assert manual["Upgrade"].startswith("cd /srv/cisfilm\n")
    assert "cisfilm-manage --owner restore" in manual["Restore"]
    assert "apt-get" not in "".join(manual.values())
