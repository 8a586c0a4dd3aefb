"""Steps through the pages for merging, and what they do."""

from django.urls import reverse

from editors.merging.comparison import Comparison
from editors.merging.joining import MergeUndo
from editors.merging.models import Merge


def merge_address(record):
    options = record._meta.concrete_model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_merge", args=[record.pk])


def open_comparison(desk, kept, merged):
    response = desk.get(merge_address(kept), {"with": merged.pk})
    assert response.status_code == 200, response.content
    return response


def choices_of(response):
    """Return the unchanged values of the page's form."""
    form = response.context["comparison"].form
    return {name: form[name].value() for name in form.fields}


def send(desk, response, *, step, **choices):
    """Send the form of the comparison page with some choices changed."""
    comparison = response.context["comparison"]
    data = choices_of(response) | choices
    data |= {"with": comparison.merged.pk, "seen": comparison.fingerprint, "step": step}
    return desk.post(merge_address(comparison.kept), data)


def merge_on_pages(desk, kept, merged, **choices) -> Merge:
    """Merge two records as an editor does: compare, confirm, merge."""
    comparison = open_comparison(desk, kept, merged)
    confirmation = send(desk, comparison, step="confirm", **choices)
    assert confirmation.status_code == 200, confirmation.content
    done = send(desk, confirmation, step="merge")
    assert done.status_code == 302, done.content
    return Merge.objects.latest("pk")


def merge(kept, merged, *, by=None, **choices) -> Merge:
    """Merge two records with the choices that the page proposes, except for the given ones."""
    kept, merged = (type(record)._base_manager.get(pk=record.pk) for record in (kept, merged))
    form = Comparison(kept, merged).form
    comparison = Comparison(kept, merged, {name: form[name].value() for name in form.fields} | choices)
    assert comparison.form.is_valid(), comparison.form.errors
    return Merge.objects.get(pk=comparison.join(by).pk)


def undo_address(merge):
    return reverse("admin:merging_merge_undo", args=[merge.pk])


def undo(merge, *, by=None, although_changed=False):
    """Undo a merge; what changed since must be agreed to, as on the page."""
    merge_undo = MergeUndo(Merge.objects.get(pk=merge.pk))
    assert merge_undo.is_possible, merge_undo.obstacles
    assert although_changed or not merge_undo.changed_since, merge_undo.changed_since
    merge_undo.carry_out(by=by)
