"""The page that a reader names as proof, offered as the source of the fact in the form of the record."""

from urllib.parse import urlencode

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.utils import timezone
from django.utils.translation import gettext

from records.models import RecordSource, Source

from .facts import Fact, row_models


class BoxForOfferedPage(RelatedFieldWidgetWrapper):
    """A box for a source beside which "+" opens the form of a new one with the address of the page filled in."""

    def __init__(self, box, url):
        rights = [box.can_add_related, box.can_change_related, box.can_delete_related, box.can_view_related]
        super().__init__(box.widget, box.rel, box.admin_site, *rights)
        self.url = url

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        offered = urlencode({"url": self.url, "accessed_on": timezone.localdate().isoformat()})
        return {**context, "url_params": f"{context['url_params']}&{offered}"}


def form_with(fact: Fact, form, formsets):
    """The form that holds the fact: the record's own, or that of a row; None where the row is not among them."""
    if fact.row_number is None:
        return form
    models = row_models(fact.reference.partition("/")[0])
    rows = [row for formset in formsets for row in formset.forms if isinstance(row.instance, models)]
    return next((row for row in rows if row.instance.pk == fact.row_number), None)


def offer_proof(url: str, fact: Fact | None, form, formsets) -> str:
    """Puts the page into the source box of the fact's row, or into a new row of the record's sources; says so.

    A page that is no source yet is made one by the editor, who gives it a title: "+" beside the box begins it.
    """
    source = Source.objects.filter(url=url).first()
    row = form_with(fact, form, formsets) if fact else None
    if row is None or "source" not in row.fields:
        row = _new_source_row(formsets, source, fact)
    if row is None:
        return gettext("Proof: %(page)s") % {"page": url}
    if source is not None:
        row.initial["source"] = source.pk
        return gettext("The proof is chosen as the source: %(page)s. Look whether it says so.") % {"page": source}
    row.fields["source"].widget = BoxForOfferedPage(row.fields["source"].widget, url)
    return gettext("The proof is no source yet: %(page)s. “+” beside the box “Source” makes it one.") % {"page": url}


def _new_source_row(formsets, source, fact):
    """A row more at the end of the record's sources, with the fact ticked where the source is known."""
    formset = next((each for each in formsets if issubclass(each.model, RecordSource)), None)
    if formset is None:
        return None
    formset.extra = 1
    # Its forms were made before there was a row to add.
    formset.__dict__.pop("forms", None)
    # None for whoever may not add sources.
    row = next(iter(formset.extra_forms), None)
    supported = fact and formset.model.facts.fact_of_field.get(fact.field)
    if row is not None and source is not None and supported in formset.model.facts.sourced:
        row.initial["supports"] = [supported]
    return row
