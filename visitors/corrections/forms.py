"""Forms for corrections by readers, and for institutions that ask for their link."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from languages.control_characters import refuse_control_characters
from records.contact_types import ContactKind

from .models import LetterOccasion
from .own_domains import own_domains, own_mailbox

LONGEST_TEXT = 2000
# No person reads and writes faster; programs that fill forms are told to wait.
LEAST_SECONDS = 3
MOST_SECONDS = 24 * 60 * 60
time_signer = signing.TimestampSigner(salt="corrections.form")


class GuardedForm(forms.Form):
    """Form that anybody may send, with what keeps programs away, and the e-mail address for an answer."""

    nickname = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"class": "text", "tabindex": "-1", "autocomplete": "off"}),
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
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, **kwargs):
        kwargs |= {"initial": {"opened": time_signer.sign("form")}, "label_suffix": ""}
        super().__init__(data, use_required_attribute=False, **kwargs)

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


class CorrectionForm(GuardedForm):
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

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        # Django's default URL validator accepts ftp as well.
        self.fields["proof_url"].validators = [
            URLValidator(schemes=["http", "https"], message=_("Give the full address, with https://.")),
            refuse_control_characters,
        ]

    def clean(self):
        cleaned = super().clean()
        if not ({"wrong", "proposed"} & self.errors.keys() or cleaned.get("wrong") or cleaned.get("proposed")):
            raise ValidationError(_("Write what is wrong or what would be right."))
        return cleaned


TO_DOMAIN, TO_EDITORS = "domain", "editors"


class ThisIsUsForm(GuardedForm):
    """Form of an institution's people for the mailbox of their link, or for a message to the editors instead."""

    to = forms.ChoiceField(label=_("Where shall the link go?"), required=False, widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("Your mailbox at that domain"),
        help_text=_("If the link shall go there: all of the address, or the part before @."),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"class": "text", "inputmode": "email", "autocomplete": "email"}),
    )
    words = forms.CharField(
        label=_("Who are you, and how can the editors see that?"),
        help_text=_("If you write to the editors: they answer here and by e-mail."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "class": "text"}),
    )

    def __init__(self, institution, data=None):
        super().__init__(data)
        self.published = {
            str(contact.pk): contact for contact in institution.public_contacts if contact.kind == ContactKind.EMAIL
        }
        websites = [contact.value for contact in institution.public_contacts if contact.kind == ContactKind.WEBSITE]
        self.domains = own_domains(websites)
        choices = masked(self.published)
        if self.domains:
            at_domain = _("a mailbox of ours at %(domain)s") % {"domain": ", ".join(self.domains)}
            choices.append((TO_DOMAIN, at_domain))
        self.fields["to"].choices = [*choices, (TO_EDITORS, _("none of these: to the editors, with an explanation"))]
        self.has_mailbox = bool(choices)

    def clean(self):
        cleaned = super().clean()
        to = cleaned.get("to") or (TO_DOMAIN if cleaned.get("address") and self.domains else TO_EDITORS)
        if self.errors:
            return cleaned
        cleaned["mailbox"] = ""
        if to == TO_DOMAIN:
            try:
                cleaned["mailbox"] = own_mailbox(cleaned["address"], self.domains)
            except ValidationError as error:
                self.add_error("address", error)
        elif to in self.published:
            cleaned["mailbox"] = self.published[to].value
        elif not cleaned["words"] and self.has_mailbox and not cleaned["to"]:
            self.add_error("to", _("Choose where the link shall go."))
        elif not cleaned["words"]:
            self.add_error("words", _("Tell the editors who you are."))
        return cleaned

    @property
    def occasion(self) -> LetterOccasion:
        """Return why the e-mail is sent, by the valid form."""
        return LetterOccasion.PUBLISHED if self.cleaned_data["to"] in self.published else LetterOccasion.DOMAIN


def masked(contacts) -> list[tuple[str, str]]:
    """Return choices of e-mail addresses that show no more of each than tells it from the others."""
    addresses = {key: contact.value for key, contact in contacts.items()}
    choices = []
    for key, address in addresses.items():
        local_part, _at, domain = address.partition("@")
        others = [other for other in addresses.values() if other != address and other.endswith(f"@{domain}")]
        shown = next(
            (n for n in range(1, len(local_part)) if not any(o.startswith(local_part[:n]) for o in others)),
            len(local_part) - 1 or 1,
        )
        choices.append((key, f"{local_part[:shown]}***@{domain}"))
    return choices


def is_younger_than(signed: str, seconds: int) -> bool:
    try:
        time_signer.unsign(signed, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return True
