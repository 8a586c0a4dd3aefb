"""Steps of an editor in the forms of the admin."""


def choose(page, box, text):
    """Find a record in a search box and choose it."""
    page.locator(f".select2-selection[aria-labelledby=select2-{box}-container]").click()
    page.locator(".select2-search__field").last.fill(text)
    page.get_by_role("option", name=text).click()


PASSWORD = "a long phrase for one test"


def type_password(page):
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
