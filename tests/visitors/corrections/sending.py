"""Sending of corrections as a browser would, some time after the form was opened."""

import time

from django.core.signing import b62_encode
from django.utils.http import urlencode

from tests.html_page import html_page
from visitors.corrections.forms import time_signer


def opened_seconds_ago(seconds):
    """Return the signed time of a form that was opened so long ago."""
    then = type(time_signer)(salt=time_signer.salt)
    then.timestamp = lambda: b62_encode(int(time.time()) - seconds)
    return then.sign("form")


def send(client, query=None, *, prefix="", seconds=60, headers=None, **texts):
    address = f"{prefix}/corrections/new/?{urlencode(query or {})}"
    data = {"wrong": "", "proposed": "", "proof_url": "", "email": "", "nickname": ""}
    return client.post(address, data | {"opened": opened_seconds_ago(seconds)} | texts, headers=headers)


def form_on(response):
    """Return what a browser would send for the answer on the page, as it stands there."""
    form = html_page(response).one("form", id="answer")
    sent = {}
    for field in form.all("input"):
        is_box_to_tick = field.attributes["type"] == "checkbox"
        if not is_box_to_tick or "checked" in field.attributes:
            value = field.attributes.get("value", "on" if is_box_to_tick else "")
            sent.setdefault(field.attributes["name"], []).append(value)
    for field in form.all("select"):
        sent[field.attributes["name"]] = [one.attributes["value"] for one in field.all("option", selected="selected")]
    return sent | {field.attributes["name"]: field.text for field in form.all("textarea")}
