"""Test of checking a messy list in a browser, with and without scripts."""

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.messy_lists import FIELDS, MessyList

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.usefixtures("real_directory")
def test_a_messy_list_becomes_a_fresh_one(open_page, tmp_path):
    rows = MessyList(7).rows(200)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([FIELDS, *(row.cells.values() for row in rows)])
    (tmp_path / "old.csv").write_bytes(text.getvalue().encode())
    page = open_page("/", java_script_enabled=False)

    page.get_by_role("link", name="Check my list").click()
    page.get_by_label("File").set_input_files(tmp_path / "old.csv")
    page.get_by_role("button", name="Check this list").click()
    expect(page.get_by_text("of 200 rows.")).to_be_visible()
    expect(page.get_by_text("200 of 200 rows checked")).to_be_hidden()
    page.get_by_text("What the columns hold").click()
    expect(page.get_by_role("combobox", name="person", exact=True)).to_have_value("person")
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").last.click()
    download.value.save_as(tmp_path / "new.csv")

    with (tmp_path / "new.csv").open(encoding="utf-8-sig", newline="") as file:
        fresh = list(csv.DictReader(file))
    assert [[row[name] for name in FIELDS] for row in fresh] == [list(row.cells.values()) for row in rows]
    meant = [(row.institution, found) for row, found in zip(rows, fresh, strict=True)]
    right = [one for one, found in meant if one and found["CISFilm: page"].endswith(f"/{one.slug}/")]
    assert len(right) >= 0.97 * sum(1 for one, _found in meant if one)
    assert not [found for one, found in meant if one is None and found["CISFilm: how sure"] == "certain"]
