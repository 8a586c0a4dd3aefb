"""How a draft will look on the site, for its editors and nobody else."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import path, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.base import PublicationState


class PreviewsDrafts:
    """Pages of records with a preview beside the form."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        preview = path("<path:object_id>/preview/", self.admin_site.admin_view(self.preview_view), name=name)
        return [preview, *super().get_urls()]

    def get_view_on_site_url(self, obj=None):
        # Only what is on the site can be looked at there.
        return super().get_view_on_site_url(obj) if obj is None or obj.is_published else None

    def links_beside(self, request, record):
        links = super().links_beside(request, record)
        if record.is_published:
            return links
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_preview", args=[record.pk])
        return [(gettext_lazy("Preview"), page), *links]

    def preview_view(self, request, object_id):
        """The public page of a record as it would be if the record were published now."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404(f"No {self.opts.verbose_name} {object_id}")
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        with transaction.atomic():
            try:
                response = self._as_if_published(request, record)
            except ValidationError as error:
                return HttpResponse(" ".join(error.messages), status=409, content_type="text/plain; charset=utf-8")
            finally:
                transaction.set_rollback(True)
        response.headers["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response

    def _as_if_published(self, request, record):
        """The public page, which knows only what is published: for it the record is, until the transaction ends.

        The transaction is rolled back, and nobody else ever sees anything of it.
        """
        record.publication_state = PublicationState.PUBLISHED
        record.validate_constraints()
        type(record)._base_manager.filter(pk=record.pk).update(publication_state=record.publication_state)
        request.preview_notice = _("Preview: this page is not on the site yet.")
        public_page = resolve(record.get_absolute_url())
        return public_page.func(request, *public_page.args, **public_page.kwargs)
