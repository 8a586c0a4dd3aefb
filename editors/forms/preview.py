"""Preview of a draft as its public page, for its editors only."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import path, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.base import PublicationState


class PreviewPage:
    """The page with a draft as it will look, beside its form."""

    def __init__(self, record_admin):
        self.record_admin = record_admin
        self.name = f"{record_admin.opts.app_label}_{record_admin.opts.model_name}_preview"

    def urls(self):
        view = self.record_admin.admin_site.admin_view(self.view)
        return [path("<path:object_id>/preview/", view, name=self.name)]

    def links(self, request, record):
        if record.is_published:
            return []
        return [(gettext_lazy("Preview"), reverse(f"admin:{self.name}", args=[record.pk]))]

    def view(self, request, object_id):
        """The public page of a record as it would be if the record were published now."""
        record = self.record_admin.get_object(request, object_id)
        if record is None:
            raise Http404(f"No {self.record_admin.opts.verbose_name} {object_id}")
        if not self.record_admin.has_view_permission(request, record):
            raise PermissionDenied
        with transaction.atomic():
            try:
                response = _as_if_published(request, record)
            except ValidationError as error:
                return HttpResponse(" ".join(error.messages), status=409, content_type="text/plain; charset=utf-8")
            finally:
                transaction.set_rollback(True)
        response.headers["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response


def _as_if_published(request, record):
    """The public page, which knows only what is published: for it the record is, until the transaction ends.

    The transaction is rolled back, and nobody else ever sees anything of it.
    """
    record.publication_state = PublicationState.PUBLISHED
    record.validate_constraints()
    type(record)._base_manager.filter(pk=record.pk).update(publication_state=record.publication_state)
    request.preview_notice = _("Preview: this page is not on the site yet.")
    public_page = resolve(record.get_absolute_url())
    return public_page.func(request, *public_page.args, **public_page.kwargs)
