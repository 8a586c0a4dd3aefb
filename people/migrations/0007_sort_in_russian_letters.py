"""People without a Russian name stand in Russian lists by their names in Russian letters."""

from django.db import migrations

from languages.romanisation import sort_key, to_russian_letters


def sort_in_russian_letters(apps, schema_editor):
    people = apps.get_model("people", "Person").objects.using(schema_editor.connection.alias)
    for person in people.filter(name_ru="", family_name_ru="").iterator():
        native = person.name_native
        name = to_russian_letters(native or person.name_en, person.native_language if native else "en")
        if name:
            words = name.split()
            family_name = words[0] if name.endswith(("вич", "вна")) else words[-1]
            people.filter(pk=person.pk).update(sort_key_ru=sort_key(f"{family_name} {name}"))


class Migration(migrations.Migration):
    dependencies = [("people", "0006_confirmed_by_institution")]

    operations = [migrations.RunPython(sort_in_russian_letters, migrations.RunPython.noop)]
