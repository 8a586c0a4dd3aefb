"""Tasks of the editors' manual in order; each function leaves the page in the state for the next one."""

import io
import re
import tempfile
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.test import Client
from PIL import Image

from tests.browser.admin_steps import choose
from tests.browser.messy_spreadsheet import MESSY
from tests.factories import create_editor
from tests.one_time_codes import one_time_code

from .small_pictures import save_small

FOLDER = Path(__file__).parent.parent.parent / "docs" / "editing"
WIDTH, HEIGHT = 1100, 900
# Room around what is shown.
MARGIN = 12
COLOURS = 32
PASSWORD = "a long phrase for the pictures"
SAVE, SAVE_AND_STAY = "Save", "Save and continue editing"


def walk_through(browser, address):
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    walk = Walk(browser, address)
    getting_in(walk)
    editor = walk.log_in("editor")
    the_desk(editor)
    first_studio(editor)
    possible_duplicate(editor)
    conflict(walk, editor)
    confirming(editor)
    importing(editor)
    history(editor)
    merging(editor)
    correction(walk, editor)
    withholding(editor)
    walk.close()


class Walk:
    """The site and its users, each in a separate browser."""

    def __init__(self, browser, address):
        self.browser, self.address, self.contexts = browser, address, []

    def visit(self, **options):
        context = self.browser.new_context(
            base_url=self.address, viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce", **options
        )
        context.set_default_timeout(15_000)
        # Without the list of all records beside each form.
        context.add_init_script("localStorage.setItem('django.admin.navSidebarIsOpen', 'false')")
        self.contexts.append(context)
        return context.new_page()

    def log_in(self, username):
        client = Client()
        client.force_login(create_editor(username=username))
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.address}
        page = self.visit()
        page.context.add_cookies([cookie])
        page.goto("/admin/")
        return page

    def close(self):
        for context in self.contexts:
            context.close()


def take(page, name, *parts, margin=MARGIN, tallest=760):
    """Take a picture of the smallest rectangle with all the parts, within the height limit of the manual."""
    page.evaluate("document.fonts.ready")
    boxes = [part.bounding_box() for part in parts]
    offset = page.evaluate("window.scrollY")
    left = max(min(box["x"] for box in boxes) - margin, 0)
    top = max(min(box["y"] for box in boxes) + offset - margin, 0)
    right = min(max(box["x"] + box["width"] for box in boxes) + margin, WIDTH)
    bottom = max(box["y"] + box["height"] for box in boxes) + offset + margin
    clip = {"x": left, "y": top, "width": right - left, "height": min(bottom - top, tallest)}
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip)))
    save_small(picture, FOLDER / f"{name}.png", COLOURS)


def take_page(page, name, **options):
    """Take a picture of everything below the heading of the site, without empty margins."""
    take(page, name, page.locator("#content"), margin=-8, **options)


def save(page, button=SAVE):
    page.get_by_role("button", name=button, exact=True).last.click()


def section(page, heading):
    return page.locator("fieldset, .inline-group").filter(has=page.get_by_role("heading", name=heading)).first


def getting_in(walk):
    # Base32, and nobody's secret.
    secret = "EXAMPLEEXAMPLEEXAMPLEEXAMPLEABCD"
    create_editor(username="newcomer", password=PASSWORD, second_factor=False)
    page = walk.visit()
    page.goto("/admin/")
    page.get_by_label("Username").fill("newcomer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    take_page(page, "second-factors", tallest=440)
    with mock.patch("allauth.mfa.totp.internal.auth.generate_totp_secret", return_value=secret):
        page.get_by_role("link", name="Set up an app").click()
        take_page(page, "app", tallest=590)
        page.get_by_label("Authenticator code").fill(one_time_code(secret))
        page.get_by_role("button", name="Continue").click()
    page.locator(".codes").wait_for()


def the_desk(page):
    take(page, "desk", page.locator(".desk"), tallest=620)


def first_studio(page):
    page.get_by_role("link", name="Add a studio").click()
    page.get_by_label("English name").fill("Tulparkino")
    page.get_by_label("Russian name").fill("Тулпаркино")
    choose(page, "id_country", "Kazakhstan")
    take(page, "names", section(page, "Names"), page.locator(".form-row.field-country").first)
    page.locator("#id_contacts-0-kind").select_option("phone")
    page.locator("#id_contacts-0-value").fill("8 (727) 272-00-00 доб. 12")
    page.locator("#id_contacts-1-kind").select_option("email")
    page.locator("#id_contacts-1-value").fill("mailto:Info@Tulparkino.example")
    page.locator("#id_contacts-1-value").blur()
    page.get_by_text("Will be stored as info@tulparkino.example").wait_for()
    rows = [page.locator(f"#contacts-{number} .form-row").first for number in (0, 1)]
    take(page, "contacts", page.locator("#contacts-group h2").first, *rows)
    page.get_by_role("button", name="Add another person in post").click()
    with page.expect_popup() as popup:
        page.locator("#add_id_positions-0-person").click()
    person = popup.value
    person.get_by_label("English name").fill("Anna Berg")
    person.get_by_label("Publication:").select_option("published")
    take(person, "new-person", person.locator("#content"), margin=-8, tallest=330)
    save(person)
    page.locator("#select2-id_positions-0-person-container").get_by_text("Anna Berg").wait_for()
    page.locator("#id_positions-0-title_en").fill("Director")
    page.locator("#id_positions-0-role").select_option("head")
    take(page, "people", page.locator("#positions-group h2").first, page.locator("#positions-0 .field-role").first)
    page.get_by_role("button", name="Add another Source").click()
    with page.expect_popup() as popup:
        page.locator("#add_id_record_sources-0-source").click()
    source = popup.value
    source.get_by_label("Address:").fill("https://tulparkino.example/contacts")
    source.get_by_label("Title:").fill("Tulparkino: contacts")
    save(source)
    page.locator("#select2-id_record_sources-0-source-container").get_by_text("Tulparkino: contacts").wait_for()
    for fact in ["names", "telephone", "e-mail", "posts"]:
        page.locator("#id_record_sources-0-supports").get_by_label(fact, exact=True).check()
    take(page, "sources", page.locator("#record_sources-group"))
    take(page, "saving", section(page, "Publication"), page.locator(".submit-row").last)
    save(page, SAVE_AND_STAY)
    page.get_by_role("link", name="Preview").wait_for()
    take(page, "tools", page.get_by_role("heading", level=1), page.locator(".object-tools").first, margin=4)
    page.get_by_role("link", name="Preview").click()
    page.get_by_text("this page is not on the site yet").wait_for()
    take(page, "preview", page.locator("main"))
    page.go_back()


def possible_duplicate(page):
    page.goto("/admin/institutions/studio/add/")
    page.get_by_label("English name").fill("Tadjikfilm")
    choose(page, "id_country", "Tajikistan")
    save(page, SAVE_AND_STAY)
    box = page.locator("#possible-duplicates")
    box.wait_for()
    take(page, "duplicates", page.locator(".errorlist.nonfield"), box)
    page.get_by_label("No, it is another one: save it").check()
    save(page, SAVE_AND_STAY)


def conflict(walk, mine):
    open_record(mine, "studio", "Tulparkino")
    theirs = walk.log_in("colleague")
    theirs.goto(mine.url)
    theirs.get_by_label("English name").fill("Tulparkino Pictures")
    theirs.locator("#id_contacts-0-department").fill("Reception")
    save(theirs)
    mine.get_by_label("English name").fill("Tulparkino Studio")
    save(mine, SAVE_AND_STAY)
    box = mine.get_by_role("region", name="Changed while you had it open")
    take(mine, "conflict", box)
    save(mine, SAVE_AND_STAY)


def confirming(page):
    publish(page)
    page.get_by_role("link", name="Confirm all public contacts…").click()
    take_page(page, "confirm")
    page.get_by_label("How checked").select_option("telephone")
    page.get_by_role("button", name="Confirm").click()


def importing(page):
    page.goto("/admin/")
    page.get_by_role("link", name="Import a spreadsheet").click()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "Studios.xlsx")
        file.write_bytes(MESSY)
        page.get_by_label("Spreadsheet").set_input_files(file)
        page.get_by_label("Source: URL").fill("https://example.org/list")
        page.get_by_label("Source: title").fill("List of studios")
        page.get_by_role("button", name="Send the file").click()
    take_page(page, "import-columns", tallest=620)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("group", name="дом кино").get_by_label("Meaning").select_option("studio")
    take_page(page, "import-words")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Import these rows").wait_for()
    take_page(page, "import-preview", tallest=900)
    page.get_by_role("button", name="Import these rows").click()
    page.get_by_text(re.compile("Imported: ")).first.wait_for()
    take_page(page, "import-done", tallest=500)


def history(page):
    open_record(page, "studio", "Tulparkino")
    page.get_by_role("link", name="History").click()
    take_page(page, "history", tallest=600)
    page.get_by_role("link", name="Restore this version").last.click()
    take(page, "revert", page.get_by_role("region", name="What would change"), tallest=500)


def merging(page):
    open_record(page, "studio", "Tadjikfilm")
    page.get_by_role("link", name="Merge with another record…").click()
    choose(page, "id_with", "Tojikfilm")
    page.get_by_role("button", name="Continue").click()
    take_page(page, "merge", tallest=800)


def correction(walk, page):
    reader = walk.visit()
    reader.goto("/institutions/tulparkino/")
    with reader.expect_navigation():
        reader.locator(".correct[aria-label*='+7']").first.click()
    reader.get_by_label("What is wrong or missing?").fill("Nobody answers")
    reader.get_by_label("What would be right?").fill("+7 727 272 00 01")
    # The form refuses what is faster than anybody types.
    reader.wait_for_timeout(4_000)
    reader.get_by_role("button", name="Send the correction").click()
    reader.get_by_text("Received on").wait_for()
    page.goto("/admin/harvest/proposal/")
    take_page(page, "inbox", tallest=420)
    page.goto("/admin/corrections/correction/")
    page.get_by_role("link", name=re.compile("^Correction ")).first.click()
    take_page(page, "correction", tallest=820)
    page.get_by_role("link", name="Apply in the form").click()
    filled = page.locator("[name^=contacts-][name$=-value]:focus")
    filled.wait_for()
    row = filled.locator("xpath=ancestor::*[contains(@class, 'inline-related')][1]")
    take(page, "apply", row.locator("h3").first, row.locator(".form-row").first)


def withholding(page):
    open_record(page, "person", "Anna Berg")
    page.get_by_role("link", name="Withhold…").click()
    take_page(page, "withhold", tallest=900)


def open_record(page, kind, name):
    app = "people" if kind == "person" else "institutions"
    page.goto(f"/admin/{app}/{kind}/?q={name}")
    page.locator("#result_list").get_by_role("link", name=name).first.click()


def publish(page):
    page.get_by_label("Publication:").select_option("published")
    save(page, SAVE_AND_STAY)
