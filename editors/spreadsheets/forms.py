"""Forms of an import."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exports.headings import BY_NAME, IDENTIFYING
from institutions.models import City, Country
from languages.partial_dates import PartialDateFormField
from languages.scripts import script_of
from people.posts import english_titles
from records.base import PublicationState
from records.models import Source

from .fields import column_choices
from .models import Import
from .words import CHOICES, TYPED, TYPED_FIELDS, OpenWord


class UploadForm(forms.Form):
    """Form for a file and its source."""

    file = forms.FileField(label=_("Spreadsheet"), help_text=_("CSV or XLSX, one institution a row, headings above."))
    source_url = forms.URLField(
        label=_("Source: URL"),
        max_length=1000,
        assume_scheme="https",
        help_text=_(
            "The page from which the facts come. It becomes the source of every fact, unless a row names another one."
        ),
    )
    source_title = forms.CharField(
        label=_("Source: title"),
        max_length=300,
        required=False,
        help_text=_("Optional for a page that the directory already has as a source."),
    )
    source_published_on = PartialDateFormField(
        label=_("Source: date of the page"), required=False, help_text=_("2019, 2019-05 or 2019-05-31, if known.")
    )
    source_accessed_on = forms.DateField(label=_("Source: read on"), initial=timezone.localdate)

    def clean(self):
        cleaned = super().clean()
        url = cleaned.get("source_url")
        self.source = Source.objects.filter(url=url).first() if url else None
        if url and self.source is None and not cleaned.get("source_title"):
            self.add_error("source_title", _("The directory does not have this page as a source yet: give its title."))
        return cleaned

    def clean_source_accessed_on(self):
        if self.cleaned_data["source_accessed_on"] > timezone.localdate():
            raise ValidationError(_("The date is in the future."))
        return self.cleaned_data["source_accessed_on"]

    def save_source(self) -> Source:
        """Return the known source, or save a new one."""
        if self.source is None:
            self.source = Source.objects.create(
                url=self.cleaned_data["source_url"],
                title=self.cleaned_data["source_title"],
                published_on=self.cleaned_data["source_published_on"],
                accessed_on=self.cleaned_data["source_accessed_on"],
            )
        return self.source


class ColumnsForm(forms.Form):
    """Form for the field of each column."""

    def __init__(self, *args, spreadsheet: Import, example, **kwargs):
        super().__init__(*args, **kwargs)
        self.headings = spreadsheet.headings
        for number, heading in enumerate(spreadsheet.headings):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=heading or _("column %(number)d, without a heading") % {"number": number + 1},
                choices=column_choices,
                required=False,
                initial=spreadsheet.columns[number],
                help_text=example[number][:80],
            )

    @property
    def columns(self) -> list[str]:
        return [self.cleaned_data[f"column-{number}"] for number in range(len(self.headings))]

    def clean(self):
        cleaned = super().clean()
        seen = set()
        for name, field in list(cleaned.items()):
            if field in seen and not BY_NAME[field].is_list:
                self.add_error(name, _("Another column is already used for this."))
            seen.add(field or None)
        if not seen & {*IDENTIFYING}:
            raise ValidationError(_("No column identifies the institution. Choose the one with the name or the key."))
        return cleaned


def _typed_name(number: int, word: OpenWord) -> str:
    return f"city-{number}" if word.field == "city" else f"post-{number}"


class WordsForm(forms.Form):
    """Form for the meanings of unknown words."""

    def __init__(self, *args, words: list[OpenWord], codes, **kwargs):
        super().__init__(*args, **kwargs)
        self.words = words
        self.codes = codes
        for number, word in enumerate(words):
            self.fields[f"meaning-{number}"] = forms.ChoiceField(
                label=_("Meaning"),
                choices=self._choices(word),
                initial=self._initial(word),
                required=False,
            )
            if word.field in TYPED_FIELDS:
                is_typed = (word.meaning or "").startswith(TYPED)
                self.fields[_typed_name(number, word)] = forms.CharField(
                    label=_("English name of the new city") if word.field == "city" else _("Other post, in English"),
                    max_length=100,
                    required=False,
                    initial=word.meaning.removeprefix(TYPED) if is_typed else word.suggested_english,
                )

    def _choices(self, word):
        nothing = [("?", _("choose…")), ("", _("nothing: ignore the cell"))]
        if word.field in TYPED_FIELDS and word.field != "city":
            titles = sorted(english_titles(), key=str.casefold)
            leave_out = [("?", _("choose…")), ("", _("nothing: ignore these people"))]
            return [*leave_out, (TYPED, _("another post: type it in English")), *((title, title) for title in titles)]
        if word.field in CHOICES:
            return [*nothing, *CHOICES[word.field]]
        if word.field == "country":
            codes = Country.objects.values_list("code", flat=True) if self.codes is None else self.codes
            countries = sorted(Country.objects.filter(code__in=codes), key=lambda one: one.name)
            return [*nothing, *((country.code, country.name) for country in countries)]
        cities = City.objects.filter(country=word.country_code).in_name_order()
        return [*nothing, (TYPED, _("a new city")), *((city.key, city.name) for city in cities)]

    def _initial(self, word):
        if word.meaning is None:
            return "?"
        return TYPED if word.field in TYPED_FIELDS and word.meaning.startswith(TYPED) else word.meaning

    def clean(self):
        cleaned = super().clean()
        for number, word in enumerate(self.words):
            meaning = cleaned.get(f"meaning-{number}")
            if meaning == "?":
                self.add_error(f"meaning-{number}", _("Choose what the word means, or ignore the cell."))
            elif word.field in TYPED_FIELDS and meaning == TYPED:
                typed = cleaned.get(_typed_name(number, word))
                if word.field == "city" and not typed:
                    self.add_error(_typed_name(number, word), _("Give the English name."))
                elif word.field != "city" and script_of(typed or "") != "Latn":
                    self.add_error(_typed_name(number, word), _("Give the post in English."))
        return cleaned

    def questions(self):
        """Return each word with the boxes for its meaning."""
        for number, word in enumerate(self.words):
            names = (f"meaning-{number}", _typed_name(number, word))
            yield word, [self[name] for name in names if name in self.fields]

    def meanings(self):
        """Return each word with its meaning."""
        for number, word in enumerate(self.words):
            meaning = self.cleaned_data[f"meaning-{number}"]
            if word.field in TYPED_FIELDS and meaning == TYPED:
                meaning += self.cleaned_data[_typed_name(number, word)]
            yield word, meaning


class ConfirmForm(forms.Form):
    """Form before the rows are saved."""

    publication_state = forms.ChoiceField(
        label=_("New records"),
        choices=[
            (PublicationState.DRAFT, _("keep as drafts for review")),
            (PublicationState.PUBLISHED, _("publish at once")),
        ],
        initial=PublicationState.DRAFT,
        widget=forms.RadioSelect,
    )
