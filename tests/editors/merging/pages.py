"""Steps through the pages for merging."""

from django.urls import reverse

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


def merge(desk, kept, merged, **choices) -> Merge:
    """Merge two records as an editor does: compare, confirm, merge."""
    comparison = open_comparison(desk, kept, merged)
    confirmation = send(desk, comparison, step="confirm", **choices)
    assert confirmation.status_code == 200, confirmation.content
    done = send(desk, confirmation, step="merge")
    assert done.status_code == 302, done.content
    return Merge.objects.latest("pk")


def undo_address(merge):
    return reverse("admin:merging_merge_undo", args=[merge.pk])


def undo(desk, merge):
    response = desk.post(undo_address(merge))
    assert response.status_code == 302, response.content
