"""Admin pages for importing a spreadsheet, with a separate URL for each step."""

import re
import time
from collections import defaultdict

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import get_valid_filename
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from editors.accounts.limits import country_codes
from editors.withholding.spreadsheets import leave_out_withheld
from exports.headings import count_known
from records.tables.reading import read_table
from records.tables.table import Refused
from web.request_ids import ids_in

from .fields import guessed_columns, refuse_list_of_people, remember_columns
from .files import download, file_of, left_out_rows, sample_rows
from .filling_page import FillingPage
from .forms import ColumnsForm, ConfirmForm, UploadForm, WordsForm
from .models import Import, ImportRow, ImportState, Outcome
from .shown_rows import shown_rows
from .undoing import undo
from .words import Vocabulary, remember
from .writing import PreviewIsOld, look_at, write

ROWS_A_PAGE = 50
# Seconds for which one request compares rows before it shows the progress.
SECONDS_A_REQUEST = 8
# As long as the longest description.
LONGEST_CELL = 5_000
# A form has more in it than the file.
BYTES_AROUND_FILE = 20_000


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin):
    list_display = ["file_name", "made_at", "made_by", "state", "row_count", "new_count", "update_count", "error_count"]
    list_filter = ["state"]
    search_fields = ["file_name"]
    list_per_page = 20
    show_facets = admin.ShowFacets.ALWAYS
    fieldsets = [(None, {"fields": [], "description": _("An import has a page for each step.")})]

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.filling = FillingPage(self)

    # Permissions
    # ---------------------------------------------------------------------------------------------------------

    def get_queryset(self, request):
        found = super().get_queryset(request).of_editor(request.user, country_codes(request.user))
        return found.select_related("source", "made_by").annotate(
            row_count=Count("rows"),
            new_count=Count("rows", filter=Q(rows__outcome=Outcome.NEW)),
            update_count=Count("rows", filter=Q(rows__outcome=Outcome.UPDATE)),
            error_count=Count("rows", filter=Q(rows__outcome=Outcome.ERROR)),
        )

    def _spreadsheet(self, request, pk) -> Import:
        spreadsheet = self.get_object(request, str(pk))
        if spreadsheet is None:
            raise Http404
        if not self.has_change_permission(request, spreadsheet):
            raise PermissionDenied
        return spreadsheet

    @admin.display(description=_("rows"), ordering="row_count")
    def row_count(self, spreadsheet):
        return spreadsheet.row_count

    @admin.display(description=_("new"), ordering="new_count")
    def new_count(self, spreadsheet):
        return spreadsheet.new_count

    @admin.display(description=_("changed"), ordering="update_count")
    def update_count(self, spreadsheet):
        return spreadsheet.update_count

    @admin.display(description=_("with errors"), ordering="error_count")
    def error_count(self, spreadsheet):
        return spreadsheet.error_count

    # URLs
    # ----------------------------------------------------------------------------------------------------------------

    def get_urls(self):
        pages = {
            "start/": (self.start_view, "intake_start"),
            "sample.<str:file_format>": (self.sample_view, "intake_sample"),
            "<int:pk>/columns/": (self.columns_view, "intake_columns"),
            "<int:pk>/words/": (self.words_view, "intake_words"),
            "<int:pk>/preview/": (self.preview_view, "intake_preview"),
            "<int:pk>/left-out/": (self.left_out_view, "intake_left_out"),
            "<int:pk>/undo/": (self.undo_view, "intake_undo"),
        }
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, (view, name) in pages.items()]
        return self.filling.urls() + own + super().get_urls()

    def add_view(self, request, form_url="", extra_context=None):
        return redirect("admin:intake_start")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        spreadsheet = self.get_object(request, object_id)
        if spreadsheet is None:
            raise Http404
        return HttpResponseRedirect(spreadsheet.get_absolute_url())

    def _page(self, request, template, title, *, spreadsheet=None, status=200, **context):
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": title,
            "spreadsheet": spreadsheet,
        }
        return TemplateResponse(request, f"admin/intake/{template}.html", context, status=status)

    # Steps -----------------------------------------------------------------------------------------------------------

    def start_view(self, request):
        """Show step 1: the file and its source."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, status = UploadForm(request.POST or None, request.FILES or None), 200
        if request.method == "POST":
            try:
                if _is_too_large(request):
                    raise Refused(_too_large(), status=413)
                if form.is_valid():
                    return HttpResponseRedirect(self._receive(request, form).get_absolute_url())
                status = 400
            except Refused as refused:
                form.add_error("file", str(refused.message))
                status = refused.status
        return self._page(request, "start", _("Import a spreadsheet"), form=form, status=status)

    @transaction.atomic
    def _receive(self, request, form) -> Import:
        file = form.cleaned_data["file"]
        table = read_table(file.read(), max_rows=settings.IMPORT_MAX_ROWS, count_known=count_known)
        refuse_list_of_people(table.headings)
        spreadsheet = Import(
            file_name=file.name[:255],
            file_format=table.file_format,
            delimiter=table.delimiter,
            headings=table.headings,
            columns=guessed_columns(table.headings),
            source=form.save_source(),
            made_by=request.user,
        )
        rows = [
            ImportRow(spreadsheet=spreadsheet, line=line.number, cells=line.cells, faults=line.faults)
            for line in table.lines
        ]
        leave_out_withheld(spreadsheet, rows)
        spreadsheet.save()
        ImportRow.objects.bulk_create(rows, batch_size=500)
        for remark in table.remarks:
            self.message_user(request, remark, messages.WARNING)
        self.log_addition(request, spreadsheet, gettext("Sent"))
        return spreadsheet

    def columns_view(self, request, pk):
        """Show step 2: the field of each column."""
        spreadsheet = self._spreadsheet(request, pk)
        if not spreadsheet.is_open:
            return redirect("admin:intake_preview", pk)
        form = ColumnsForm(request.POST or None, spreadsheet=spreadsheet, example=spreadsheet.rows.first().cells)
        if form.is_valid():
            spreadsheet.columns = form.columns
            spreadsheet.state = ImportState.WORDS
            spreadsheet.save()
            spreadsheet.look_again()
            remember_columns(spreadsheet.headings, form.columns)
            return redirect("admin:intake_words", pk)
        status = 400 if form.errors else 200
        return self._page(request, "columns", _("Match the columns"), spreadsheet=spreadsheet, form=form, status=status)

    def words_view(self, request, pk):
        """Show step 3: meanings of unknown words; skipped if there are none."""
        spreadsheet = self._spreadsheet(request, pk)
        if not spreadsheet.is_open:
            return redirect("admin:intake_preview", pk)
        words = Vocabulary().unknown_words(spreadsheet)
        form = WordsForm(request.POST or None, words=words, codes=country_codes(request.user))
        if form.is_valid():
            for word, meaning in form.meanings():
                remember(word, meaning)
            # With the countries known, words for cities may be left.
            return redirect("admin:intake_words", pk)
        is_asked = any(word.is_open for word in words) or "again" in request.GET or form.errors
        if not is_asked:
            spreadsheet.state = ImportState.PREVIEW
            spreadsheet.save()
            spreadsheet.look_again()
            return redirect("admin:intake_preview", pk)
        status = 400 if form.errors else 200
        return self._page(request, "words", _("Map the words"), spreadsheet=spreadsheet, form=form, status=status)

    def preview_view(self, request, pk):
        """Show steps 4 and 5: every row with its outcome, and the button that saves them."""
        spreadsheet = self._spreadsheet(request, pk)
        if spreadsheet.state in (ImportState.COLUMNS, ImportState.WORDS):
            return HttpResponseRedirect(spreadsheet.get_absolute_url())
        if request.method == "POST" and spreadsheet.is_open:
            step = self._choose if "choose" in request.POST else self._confirm
            return step(request, spreadsheet)
        if request.method == "POST":
            self.message_user(request, _("This spreadsheet was imported already."), messages.WARNING)
        return self._preview(request, spreadsheet, status=409 if request.method == "POST" else 200)

    def _preview(self, request, spreadsheet, *, status=200, confirm_form=None):
        if spreadsheet.is_open and not self._look(request, spreadsheet):
            counts = spreadsheet.count_by_outcome()
            done = sum(number for outcome, number in counts.items() if outcome)
            title = _("Comparing the rows…")
            return self._page(
                request, "looking", title, spreadsheet=spreadsheet, done=done, total=sum(counts.values()), status=status
            )
        counts = spreadsheet.count_by_outcome()
        chosen = request.GET.get("outcome")
        rows = spreadsheet.rows.filter(outcome=chosen) if chosen in Outcome.values else spreadsheet.rows.all()
        page = Paginator(rows.select_related("institution"), ROWS_A_PAGE).get_page(request.GET.get("page"))
        return self._page(
            request,
            "preview",
            _("Review the rows"),
            spreadsheet=spreadsheet,
            page=page,
            rows=shown_rows(spreadsheet, page.object_list),
            outcomes=[(value, label, counts[value]) for value, label in Outcome.choices if counts[value]],
            chosen=chosen if chosen in Outcome.values else "",
            counts=counts,
            total=sum(counts.values()),
            to_write=counts[Outcome.NEW] + counts[Outcome.UPDATE],
            left_out=counts[Outcome.ERROR] + counts[Outcome.DUPLICATE],
            confirm_form=confirm_form or ConfirmForm(),
            status=status,
        )

    @staticmethod
    def _look(request, spreadsheet) -> bool:
        ends_at = time.monotonic() + SECONDS_A_REQUEST
        return look_at(spreadsheet, country_codes(request.user), lambda: time.monotonic() > ends_at)

    def _choose(self, request, spreadsheet):
        """Store the editor's choices for possible duplicates, and mended cells; these rows are compared again."""
        self._mend(request, spreadsheet)
        chosen = {name.removeprefix("choice-"): value for name, value in request.POST.items()}
        asked = Q(outcome=Outcome.DUPLICATE) | ~Q(candidates=[]) | ~Q(choice="")
        for row in spreadsheet.rows.filter(asked, pk__in=ids_in(chosen)):
            choice = chosen[str(row.pk)]
            if choice in {"new", "skip", *map(str, row.candidates)} and choice != row.choice:
                row.choice, row.outcome = choice, ""
                row.save(update_fields=["choice", "outcome"])
        return HttpResponseRedirect(request.get_full_path())

    def _mend(self, request, spreadsheet):
        """Store the cells with errors as the editor corrected them."""
        mended = defaultdict(dict)
        for name, text in request.POST.items():
            if found := re.fullmatch(r"cell-(\d{1,18})-(\d{1,3})", name):
                mended[int(found[1])][int(found[2])] = text.strip()[:LONGEST_CELL]
        rows = list(spreadsheet.rows.filter(pk__in=mended, outcome=Outcome.ERROR))
        for row in rows:
            for column, text in mended[row.pk].items():
                if str(column) in row.errors and text != row.cells[column]:
                    row.cells[column], row.outcome = text, ""
                    row.faults.pop(str(column), None)
        leave_out_withheld(spreadsheet, rows)
        ImportRow.objects.store(rows, ["cells", "faults", "outcome"])

    def _confirm(self, request, spreadsheet):
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self._preview(request, spreadsheet, status=400, confirm_form=form)
        try:
            write(spreadsheet, request.user, country_codes(request.user), **form.cleaned_data)
        except (PreviewIsOld, IntegrityError):
            spreadsheet.refresh_from_db()
            if spreadsheet.is_open:
                spreadsheet.look_again()
            message = _("The directory has changed since your review. Nothing was saved. Please review the rows again.")
            self.message_user(request, message, messages.ERROR)
            return self._preview(request, spreadsheet, status=409, confirm_form=form)
        counts = spreadsheet.count_by_outcome()
        message = gettext("Imported: %(new)d new, %(changed)d changed.") % {
            "new": counts[Outcome.NEW],
            "changed": counts[Outcome.UPDATE],
        }
        self.log_change(request, spreadsheet, message)
        self.message_user(request, message, messages.SUCCESS)
        return redirect("admin:intake_preview", spreadsheet.pk)

    # Files -----------------------------------------------------------------------------------------------------------

    def left_out_view(self, request, pk):
        """Return the rows that were not, or would not be, saved, as a file to correct and send again."""
        spreadsheet = self._spreadsheet(request, pk)
        content, content_type = file_of(
            left_out_rows(spreadsheet), spreadsheet.file_format, spreadsheet.delimiter, gettext("institutions")
        )
        stem = get_valid_filename(spreadsheet.file_name.rpartition(".")[0] or spreadsheet.file_name)
        name = gettext("%(file)s-left-out") % {"file": stem}
        return download(content, content_type, f"{name}.{spreadsheet.file_format}")

    def sample_view(self, request, file_format):
        """Return a file with recognised headings and one example row."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if file_format not in ("csv", "xlsx"):
            raise Http404
        name = gettext("institutions")
        content, content_type = file_of(sample_rows(), file_format, ";", name)
        return download(content, content_type, f"{name}.{file_format}")

    # Undoing ---------------------------------------------------------------------------------------------------------

    def undo_view(self, request, pk):
        spreadsheet = self._spreadsheet(request, pk)
        if not spreadsheet.may_be_undone:
            return redirect("admin:intake_preview", pk)
        if request.method != "POST":
            return self._page(
                request,
                "undo",
                _("Undo this import"),
                spreadsheet=spreadsheet,
                counts=spreadsheet.count_by_outcome(),
            )
        left = undo(spreadsheet, request.user, country_codes(request.user))
        self.log_change(request, spreadsheet, gettext("Undone"))
        if left:
            message = ngettext(
                "The import is undone, except %(count)d record: see below.",
                "The import is undone, except %(count)d records: see below.",
                len(left),
            )
            self.message_user(request, message % {"count": len(left)}, messages.WARNING)
        else:
            self.message_user(request, _("The import is undone."), messages.SUCCESS)
        return redirect("admin:intake_preview", pk)


def _is_too_large(request) -> bool:
    file = request.FILES.get("file")
    sent = int(request.META.get("CONTENT_LENGTH") or 0)
    largest = settings.IMPORT_MAX_BYTES
    return sent > largest + BYTES_AROUND_FILE or (file is not None and file.size > largest)


def _too_large() -> str:
    megabytes = settings.IMPORT_MAX_BYTES // (1024 * 1024)
    return gettext("The file is larger than %(megabytes)d MB. Split it and send the parts separately.") % {
        "megabytes": megabytes
    }
