"""Sending of corrections as a browser would, some time after the form was opened."""

import time

from django.core.signing import b62_encode
from django.utils.http import urlencode

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
