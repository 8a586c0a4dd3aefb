"""Takes people who asked not to be listed out of the spreadsheets that once named them."""

from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver

from people.models import Person, Position

from .models import ImportRow

HEAD_PREFIX = "head_"


@receiver(post_save, sender=Person)
def forget_withheld_person(instance, **kwargs):
    if not instance.withheld:
        return
    names = [name.text for name in instance.other_names.all()]
    names += [instance.name_en, instance.name_ru, instance.name_native]
    posts = list(Position.objects.filter(person=instance).values_list("pk", flat=True))
    theirs = Q(cells__overlap=[name for name in names if name])
    theirs |= Q(journal__contains=[{"model": "people.person", "pk": instance.pk}])
    for post in posts:
        theirs |= Q(journal__contains=[{"model": "people.position", "pk": post}])
    for row in ImportRow.objects.filter(theirs).select_related("spreadsheet"):
        _forget_head(row)
        row.save()


def _forget_head(row: ImportRow):
    """Leaves of the row what is about the institution."""
    for number, name in enumerate(row.spreadsheet.columns):
        if name.startswith(HEAD_PREFIX):
            row.cells[number] = ""
    row.changes = [change for change in row.changes if not change[0].startswith(HEAD_PREFIX)]
    row.notes = [note for note in row.notes if not note[0].startswith(HEAD_PREFIX)]
    row.plan.pop("head", None)
    row.journal = [entry for entry in row.journal if not entry["model"].startswith("people.")]
