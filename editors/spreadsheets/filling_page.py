"""Page with the table of institutions without telephone and e-mail."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editors.accounts.limits import country_codes
from institutions.models import INTERNATIONAL, Country, Institution

from .files import download, file_of
from .filling import ROWS_A_PAGE, rows_to_fill, save, workbook_rows
from .writing import PreviewIsOld


class FillingPage:
    """Pages beside an admin of imports, which lends its permissions."""

    def __init__(self, model_admin):
        self.admin = model_admin

    def urls(self):
        wrap = self.admin.admin_site.admin_view
        return [
            path("fill/", wrap(self.table_view), name="intake_fill"),
            path("fill.xlsx", wrap(self.workbook_view), name="intake_fill_workbook"),
        ]

    def _institutions(self, request):
        """Return the chosen country's code and its institutions, as far as the editor may change them."""
        records = self.admin.admin_site.get_model_admin(Institution)
        if not (self.admin.has_add_permission(request) and records.has_change_permission(request)):
            raise PermissionDenied
        found = Institution.objects.without_phone_and_email().in_name_order()
        codes = country_codes(request.user)
        found = found if codes is None else found.filter(country__in=codes)
        country = request.GET.get("country", "")
        if country:
            found = found.filter(country=None if country == INTERNATIONAL else country)
        return country, found

    def table_view(self, request):
        country, institutions = self._institutions(request)
        if request.method == "POST":
            return self._save(request, institutions)
        page = Paginator(institutions, ROWS_A_PAGE).get_page(request.GET.get("p"))
        rows = rows_to_fill(institutions.filter(pk__in=[one.pk for one in page.object_list]))
        return self._page(request, rows, page=page, country=country)

    def _page(self, request, rows, status=200, **context):
        country = context.get("country") or request.GET.get("country", "")
        chosen = Country.objects.filter(code=country).first()
        return self.admin._page(
            request,
            "fill",
            _("Without telephone and e-mail"),
            rows=rows,
            country_name=chosen.name if chosen else "",
            workbook=f"{reverse('admin:intake_fill_workbook')}?country={country}" if country else "",
            status=status,
            **context,
        )

    def _save(self, request, institutions):
        """Save what can be saved; rows with errors come back with everything typed."""
        typed = {name.rpartition("-")[2] for name in request.POST if "-" in name}
        # Among all: somebody may have added a telephone number meanwhile, and nothing typed may be lost.
        codes = country_codes(request.user)
        shown = Institution.objects.filter(pk__in=[text for text in typed if text.isdecimal() and len(text) < 19])
        shown = shown.in_name_order() if codes is None else shown.filter(country__in=codes).in_name_order()
        rows = rows_to_fill(shown, request.POST)
        try:
            spreadsheet = save(rows, request.user, country_codes(request.user))
        except (PreviewIsOld, IntegrityError):
            messages.error(request, _("Somebody changed these records at the same time. Nothing was saved; try again."))
            return self._page(request, rows, status=409)
        if spreadsheet is not None:
            count = spreadsheet.rows.count()
            words = ngettext("%(count)d institution saved.", "%(count)d institutions saved.", count) % {"count": count}
            told = format_html('{} <a href="{}">{}</a>', words, spreadsheet.get_absolute_url(), _("Review or undo…"))
            messages.success(request, told)
        if wrong := [row for row in rows if row.errors]:
            return self._page(request, wrong, status=400)
        return redirect(request.get_full_path())

    def workbook_view(self, request):
        country, institutions = self._institutions(request)
        content, content_type = file_of(workbook_rows(institutions), "xlsx", "", _("institutions"))
        name = _("without-telephone-and-email")
        return download(content, content_type, f"{name}{f'-{country}' if country else ''}.xlsx")
