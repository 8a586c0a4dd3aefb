"""Before a record is entered twice: the form names the records that it may be already."""

import contextlib
import re
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from editors.merging.pages import merge_page
from records.base import DirectoryRecord
from records.contact_values import typed
from search.duplicates import alike
from search.rebuilding import rebuild_changed

from .fields import KeyedForm

NAMES = ("name_en", "name_ru", "name_native")
# Fields of rows below the record, as a browser sends them: they are checked only after the record itself.
OTHER_NAME = re.compile(r"other_names-\d+-text")
CONTACT = re.compile(r"contacts-(\d+)-value")
# The box that says "it is another one", with marks of the records that it was said of.
ANOTHER_ONE = "another_one"


def mark_of(record) -> str:
    """Stands for a record in the page of an editor who may not learn which one it is."""
    named = f"{record._meta.concrete_model._meta.label} {record.pk}"
    return salted_hmac(ANOTHER_ONE, named, algorithm="sha256").hexdigest()[:16]


class SharesContact(NamedTuple):
    """A record that has a contact which is typed for another one."""

    record: DirectoryRecord
    name: str
    contact: str


class RecordsOfEditor:
    """The records that one editor may know of."""

    def __init__(self, admin_site, request):
        self.admin_site = admin_site
        self.request = request

    def of(self, model):
        """Return the editor's own records of a kind: institutions of all kinds, on the pages of studios too."""
        return self._page_of_kind(model).get_queryset(self.request)

    def may_be_named(self, record) -> bool:
        """Return True if the editor may learn its name: it is public, or among the editor's own records."""
        return record.is_public() or self._is_own(record)

    def change_address(self, record) -> str:
        """Return where the editor looks at the record: its form, or its public page where it is another editor's."""
        if self._is_own(record):
            options = self._page_of_kind(type(record)).opts
            return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
        return record.get_absolute_url() if record.is_published else ""

    def _is_own(self, record):
        return self.of(type(record)).filter(pk=record.pk).exists()

    def _page_of_kind(self, model):
        return self.admin_site.get_model_admin(model._meta.concrete_model)


class PossibleDuplicate:
    """A record that the one in the form may be, as far as this editor may see it."""

    def __init__(self, found, records_of_editor, typed):
        self.record, self.name = found.record, found.name
        self.contact = getattr(found, "contact", "")
        self.address = records_of_editor.change_address(self.record)
        self.merge_address = merge_page(self.record, typed) if self.address and typed.pk else ""

    @property
    def other_name(self):
        return self.name if self.name != str(self.record) else ""


class DuplicateWarningForm(KeyedForm):
    """Refuses a new name that other records have in some spelling, until the editor says that it is another one."""

    # Set for each request by the page: `RecordsOfEditor`.
    records_of_editor = None
    possible_duplicates = ()
    hidden_duplicates = 0

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            names = [cleaned.get(name) for name in NAMES if name in self.changed_data]
            self._look_for_duplicates([*names, *self._new_other_names()])
        return cleaned

    def _new_other_names(self):
        """Names in the rows below that the record does not have yet."""
        typed = {" ".join(text.split()) for name, text in self.data.items() if OTHER_NAME.fullmatch(name)} - {""}
        known = self.instance.other_names.values_list("text", flat=True) if typed and self.instance.pk else ()
        return sorted(typed.difference(known))

    def _new_contacts(self):
        """Contacts in the rows below a new record, by kind, as they would be stored."""
        if not self.instance._state.adding:
            return []
        region = getattr(self.cleaned_data.get("country"), "pk", None)
        contacts = []
        for row in filter(None, map(CONTACT.fullmatch, self.data)):
            kind, text = self.data.get(f"contacts-{row[1]}-kind"), self.data[row[0]].strip()
            if kind and text:
                # What is wrong with it the row itself says.
                with contextlib.suppress(ValidationError):
                    contacts.append((kind, typed(kind, text, region).value))
        return contacts

    def _look_for_duplicates(self, names):
        model = self._meta.model._meta.concrete_model
        found = []
        if names:
            rebuild_changed()
            found = alike(_records_to_compare(model, self.instance), names)
        named = {one.record.pk for one in found}
        if contacts := self._new_contacts():
            found += [one for one in self.sharing_a_contact(contacts) if one.record.pk not in named]
        marks = [mark_of(one.record) for one in found]
        if set(marks) <= set(self.said_to_be_others):
            return
        shown = [one for one in found if self.records_of_editor.may_be_named(one.record)]
        self.possible_duplicates = [PossibleDuplicate(one, self.records_of_editor, self.instance) for one in shown]
        self.hidden_duplicates = len(found) - len(shown)
        self.found_marks = ",".join(marks)
        raise ValidationError(_("The directory may have this record already: see below."), code="possible_duplicate")

    def sharing_a_contact(self, contacts):
        """Return records with one of these contacts that the editor may know of; only institutions have any."""
        return []

    @property
    def said_to_be_others(self):
        return self.data.get(ANOTHER_ONE, "").split(",")


def _records_to_compare(model, record):
    """All records of the kind but the one in the form, hidden ones and those of other countries too."""
    related = [name for name in ("country", "city") if name in {field.name for field in model._meta.fields}]
    others = model._base_manager.exclude(pk=record.pk)
    return others.select_related(*related) if related else others
