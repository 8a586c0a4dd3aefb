"""Tests of limits for visitors without an account, by client, network and in total."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from editors.accounts.adapters import AccountAdapter
from search.models import ListChange
from tests.constraint_cases import Case, check, parametrize
from web.client_limits import LIMITS, Limit, TooManyActions, admit, client_address, client_hash
from web.models import LimitedAction, VisitorAction

pytestmark = pytest.mark.django_db

ACTION = LimitedAction.CORRECTION


def admitted(rf, *addresses):
    """Return for each IP address whether it was admitted."""
    answers = []
    for address in addresses:
        try:
            admit(rf.get("/", REMOTE_ADDR=address), ACTION)
        except TooManyActions:
            answers.append(False)
        else:
            answers.append(True)
    return answers


@pytest.mark.parametrize(
    ("limit", "addresses", "answers"),
    [
        (Limit(1, 9, 9), ["192.0.2.1", "192.0.2.1", "192.0.2.2"], [True, False, True]),
        (Limit(1, 9, 9), ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"], [True, False, True]),
        (Limit(9, 1, 9), ["192.0.2.1", "192.0.2.2", "192.0.3.1"], [True, False, True]),
        (Limit(9, 1, 9), ["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:2::1"], [True, False, True]),
        (Limit(9, 9, 2), ["192.0.2.1", "198.51.100.1", "203.0.113.1"], [True, True, False]),
        (Limit(1, 9, 9), ["::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.2"], [True, False, True]),
    ],
)
def test_client_network_and_all_have_limits(rf, monkeypatch, limit, addresses, answers):
    monkeypatch.setitem(LIMITS, ACTION, limit)

    assert admitted(rf, *addresses) == answers


def test_limit_of_one_action_leaves_the_others_alone(rf, monkeypatch):
    monkeypatch.setitem(LIMITS, ACTION, Limit(0, 0, 0))

    admit(rf.get("/"), LimitedAction.SAVED_LIST)

    assert admitted(rf, "192.0.2.1") == [False]


@pytest.mark.parametrize("action", LimitedAction)
def test_only_many_networks_together_reach_the_brake_for_all(action):
    limit = LIMITS[action]

    assert limit.by_client < limit.by_network
    assert limit.by_network * 40 <= limit.by_all


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, "6.6.6.6, 192.0.2.1", "192.0.2.1"),
        (1, "192.0.2.1", "192.0.2.1"),
        (2, "6.6.6.6, 192.0.2.1, 198.51.100.7", "192.0.2.1"),
        # Somebody reached the site round one of the proxies.
        (2, "6.6.6.6", "127.0.0.1"),
        (1, "192.0.2.1:54321", "192.0.2.1"),
        (1, "[2001:db8::1]:54321", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "unknown", "127.0.0.1"),
        (1, "[", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (0, "6.6.6.6", "127.0.0.1"),
    ],
)
def test_address_is_what_the_sites_own_proxies_saw_and_nothing_that_anybody_may_claim(
    rf, settings, proxies, forwarded, address
):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", headers={"X-Forwarded-For": forwarded})

    assert client_address(request) == address
    assert AccountAdapter(request).get_client_ip(request) == address


def test_client_without_an_address_has_a_limit_too(rf, monkeypatch):
    monkeypatch.setitem(LIMITS, ACTION, Limit(1, 9, 9))

    assert admitted(rf, "", "") == [True, False]


def test_only_a_hash_of_the_address_that_the_sites_key_salts_is_kept(rf, settings):
    admit(rf.get("/"), ACTION)
    here = client_hash(rf.get("/"))
    settings.SECRET_KEY = "another key"

    kept = VisitorAction.objects.get()
    assert kept.client_hash == here != client_hash(rf.get("/"))
    assert re.fullmatch("[0-9a-f]{64}", here)
    assert {field.name for field in VisitorAction._meta.get_fields()} == {
        *("id", "action", "client_hash", "network_hash", "done_at"),
    }


def test_purge_deletes_ended_sessions_and_old_traces(rf, capsys):
    for days in (-1, 1):
        Session.objects.create(session_key=f"s{days}", expire_date=timezone.now() + timedelta(days=days))
    admit(rf.get("/"), ACTION)
    VisitorAction.objects.update(done_at=timezone.now() - timedelta(days=2))
    for days in (1, 3):
        noted_at = timezone.now() - timedelta(days=days)
        ListChange.objects.create(transaction=days, record_table="people_person", record_ids=[], noted_at=noted_at)

    call_command("purge")

    assert list(Session.objects.values_list("session_key", flat=True)) == ["s1"]
    assert not VisitorAction.objects.exists()
    assert list(ListChange.objects.values_list("transaction", flat=True)) == [1]
    assert "1 sessions" in capsys.readouterr().out


VALID = {"action": ACTION, "client_hash": "0" * 64, "network_hash": "1" * 64}


@parametrize(
    [
        Case("visitoraction_known", VisitorAction.objects.create, VALID, VALID | {"action": "else"}),
        Case("visitoraction_hash_shape", VisitorAction.objects.create, VALID, VALID | {"client_hash": "192.0.2.1"}),
    ]
)
def test_constraint(case):
    check(case)
