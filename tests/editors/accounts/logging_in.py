"""Login with a password and a code."""

from tests.factories import create_editor
from tests.one_time_codes import RecoveryCodes

PASSWORD = "a long phrase for one test"


LOGIN, FACTOR, FACTORS = "/account/login/", "/account/login/factor/", "/account/factors/"


def log_in(client, password=PASSWORD, username="editor", **extra):
    return client.post(LOGIN, {"login": username, "password": password}, **extra)


PAGES_BEFORE = [LOGIN, "/account/password/forgotten/", "/account/password/sent/", "/account/password/new/done/"]


PAGES_AFTER = ["/account/logout/", "/account/password/", FACTORS, "/account/factors/app/", "/account/factors/passkeys/"]


def account_page(client, path, prefix=""):
    """Return a page of the account in a state in which it can be shown."""
    if path not in PAGES_BEFORE:
        editor = create_editor(password=PASSWORD, second_factor=path != "/account/factors/app/")
        RecoveryCodes.activate(editor)
        if path == FACTOR:
            log_in(client)
        else:
            client.force_login(editor)
        if path not in ("/account/confirm/", FACTOR):
            client.post("/account/confirm/", {"password": PASSWORD})
    return client.get(prefix + path)
