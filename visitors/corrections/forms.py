"""Form for corrections by readers."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from languages.control_characters import refuse_control_characters

LONGEST_TEXT = 2000
# No person reads and writes faster; programs that fill forms are told to wait.
LEAST_SECONDS = 3
MOST_SECONDS = 24 * 60 * 60
time_signer = signing.TimestampSigner(salt="corrections.form")


class CorrectionForm(forms.Form):
    wrong = forms.CharField(
        label=_("What is wrong or missing?"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "class": "text"}),
    )
    proposed = forms.CharField(
        label=_("What would be right?"),
        help_text=_("Exactly as it should appear, for example the new number."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "class": "text"}),
    )
    proof_url = forms.URLField(
        label=_("Link to a page that says so (optional)"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"class": "text", "inputmode": "url", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail (optional)"),
        help_text=_(
            "Only for the answer. It is never shown on the site and is deleted once the answer is "
            "sent, or after 12 months if sending fails."
        ),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "text", "autocomplete": "email"}),
    )
    nickname = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"class": "text", "tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, **kwargs):
        kwargs |= {"initial": {"opened": time_signer.sign("form")}, "label_suffix": ""}
        super().__init__(data, use_required_attribute=False, **kwargs)
        # Django's default URL validator accepts ftp as well.
        self.fields["proof_url"].validators = [
            URLValidator(schemes=["http", "https"], message=_("Give the full address, with https://.")),
            refuse_control_characters,
        ]

    def clean_nickname(self):
        if self.cleaned_data["nickname"]:
            raise ValidationError(_("Please leave this field empty: it is there to stop programs."))
        return ""

    def clean_opened(self):
        opened = self.cleaned_data["opened"]
        try:
            time_signer.unsign(opened, max_age=MOST_SECONDS)
        except signing.BadSignature:
            self._renew()
            raise ValidationError(_("The form was open for too long. Nothing is lost: please send it again.")) from None
        if is_younger_than(opened, LEAST_SECONDS):
            raise ValidationError(
                _("The form was sent very quickly. Nothing is lost: please check it and send it again.")
            )
        return opened

    def _renew(self):
        self.data = self.data.copy()
        self.data["opened"] = time_signer.sign("form")

    def clean(self):
        cleaned = super().clean()
        if not ({"wrong", "proposed"} & self.errors.keys() or cleaned.get("wrong") or cleaned.get("proposed")):
            raise ValidationError(_("Write what is wrong or what would be right."))
        return cleaned


def is_younger_than(signed: str, seconds: int) -> bool:
    try:
        time_signer.unsign(signed, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return True
