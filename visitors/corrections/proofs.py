"""Page given as proof by a reader, offered as source of the fact in the record's form."""

from urllib.parse import urlencode

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.utils import timezone
from django.utils.translation import gettext

from records.models import RecordSource, Source

from .facts import Fact, row_models


class BoxForOfferedPage(RelatedFieldWidgetWrapper):
    """Select box for a source whose "+" opens the form of a new source with the page's URL filled in."""

    def __init__(self, box, url):
        rights = [box.can_add_related, box.can_change_related, box.can_delete_related, box.can_view_related]
        super().__init__(box.widget, box.rel, box.admin_site, *rights)
        self.url = url

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        offered = urlencode({"url": self.url, "accessed_on": timezone.localdate().isoformat()})
        return {**context, "url_params": f"{context['url_params']}&{offered}"}


def form_with(fact: Fact, form, formsets):
    """Return the form that holds the fact: the record's own, or that of a row; None if the row is missing."""
    if fact.row_number is None:
        return form
    models = row_models(fact.reference.partition("/")[0])
    rows = [row for formset in formsets for row in formset.forms if isinstance(row.instance, models)]
    return next((row for row in rows if row.instance.pk == fact.row_number), None)


def offer_proof(url: str, fact: Fact | None, form, formsets) -> str:
    """Put the page into the source box of the fact's row, or into a new source row of the record; show a message.

    A page that is no source yet must be created by the editor, who gives it a title: "+" beside the box opens the form.
    """
    source = Source.objects.filter(url=url).first()
    row = form_with(fact, form, formsets) if fact else None
    if row is None or "source" not in row.fields:
        row = _new_source_row(formsets, source, fact)
    if row is None:
        return gettext("Proof: %(page)s") % {"page": url}
    if source is not None:
        row.initial["source"] = source.pk
        return gettext("The proof is selected as the source: %(page)s. Check that it supports the value.") % {
            "page": source
        }
    row.fields["source"].widget = BoxForOfferedPage(row.fields["source"].widget, url)
    return gettext("The proof is not a source yet: %(page)s. Add it with “+” beside “Source”.") % {"page": url}


def _new_source_row(formsets, source, fact):
    """Append a row to the record's sources, with the fact ticked if the source exists."""
    formset = next((each for each in formsets if issubclass(each.model, RecordSource)), None)
    if formset is None:
        return None
    formset.extra = 1
    # The forms were made before the row was added.
    formset.__dict__.pop("forms", None)
    # None for editors who may not add sources.
    row = next(iter(formset.extra_forms), None)
    supported = fact and formset.model.facts.fact_of_field.get(fact.field)
    if row is not None and source is not None and supported in formset.model.facts.sourced:
        row.initial["supports"] = [supported]
    return row
