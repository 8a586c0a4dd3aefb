"""What the search notes of people, and the guards of their rows."""

from django.db import migrations

from database.triggers import Function, Trigger


def note_changes(model, name, *, on="INSERT OR UPDATE OR DELETE", column="id", **words):
    ids = words.pop("ids", "SELECT unnest($1)")
    return migrations.AddConstraint(
        model,
        Trigger(
            name=f"{model}_search_{name}",
            fires=f"AFTER {on}",
            function="search_note_change",
            arguments=["%(table)s", ids, column],
            **words,
        ),
    )


def log_changes(model, name, *, table="", column="id", of="%(table)s"):
    events = {
        "INSERT": "REFERENCING NEW TABLE AS new_rows",
        "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "REFERENCING OLD TABLE AS old_rows",
        "TRUNCATE": "",
    }
    return [
        migrations.AddConstraint(
            model,
            Trigger(
                name=f"{model}_{name}_{event.lower()}",
                table=table,
                fires=f"AFTER {event}",
                level="STATEMENT",
                options=rows,
                function="search_log_change",
                arguments=[of, column],
            ),
        )
        for event, rows in events.items()
    ]


def guard_record(model, table):
    """Guards of a record: its words, its key and its address."""
    triggers = [
        Trigger(name=f"{model}_search_keeps", fires="BEFORE INSERT OR UPDATE", function="search_keep_words"),
        Trigger(name=f"{model}_search_forgets", fires="AFTER DELETE", function="search_forget_words"),
        Trigger(
            name=f"{model}_nothing_given_up",
            fires="AFTER INSERT OR UPDATE OF key, slug",
            function="merging_refuse_given_up",
            arguments=["%(class)s"],
        ),
    ]
    return [
        note_changes(model, "notes"),
        *(migrations.AddConstraint(model, trigger) for trigger in triggers),
        # PostgreSQL moves other long columns of a row out of line before the words, which conditions look at.
        migrations.RunSQL(
            f"ALTER TABLE {table} ALTER COLUMN search_words SET STORAGE MAIN",
            f"ALTER TABLE {table} ALTER COLUMN search_words SET STORAGE EXTENDED",
        ),
    ]


def no_control_characters(model):
    return migrations.AddConstraint(
        model,
        Trigger(
            name=f"{model}_no_control_characters",
            fires="AFTER INSERT OR UPDATE",
            condition=r"NEW::text ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]'",
            function="cisfilm_refuse_control_characters",
        ),
    )


def moves_data_version(model):
    return migrations.AddConstraint(
        model,
        Trigger(
            name=f"{model}_data_version",
            fires="AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE",
            function="web_note_data_change",
            level="STATEMENT",
        ),
    )


KEEP_POST = """DECLARE
  founded text;
  closed text;
  is_body_shown boolean := true;
BEGIN
  -- No withheld person is published.
  IF TG_OP = 'INSERT' OR OLD.person_id <> NEW.person_id THEN
    PERFORM FROM people_person WHERE id = NEW.person_id FOR SHARE;
  END IF;
  SELECT person.publication_state = 'published' INTO NEW.is_shown
  FROM people_person AS person WHERE person.id = NEW.person_id;
  IF NEW.institution_id IS NOT NULL THEN
    SELECT body.founded, body.closed, body.publication_state = 'published' INTO founded, closed, is_body_shown
    FROM institutions_institution AS body WHERE body.id = NEW.institution_id FOR NO KEY UPDATE;
  END IF;
  NEW.is_shown := coalesce(NEW.is_public AND NEW.is_shown AND is_body_shown, false);
  NEW.last_seen := coalesce(NEW.until, greatest(NEW.since, NEW.as_of));
  -- A page may announce a start; nobody is in the seat before it.
  SELECT min(coalesce(newer.since, least(newer.as_of, newer.until))) INTO NEW.followed_on
  FROM people_position AS newer
  WHERE newer.institution_id = NEW.institution_id AND newer.seat = NEW.seat AND newer.seat <> '' AND newer.is_shown
    AND newer.last_seen > NEW.last_seen AND newer.id <> NEW.id;
  SELECT
    coalesce(max(first_day) FILTER (WHERE what IN ('since', 'founded')), '0001-01-01'),
    coalesce(
      least(min(last_day) FILTER (WHERE what IN ('until', 'closed')), min(first_day) FILTER (WHERE what = 'newer') - 1),
      '9999-12-31'
    ),
    min(last_day) FILTER (WHERE what IN ('since', 'until', 'page', 'older page')),
    max(first_day) FILTER (WHERE what IN ('since', 'until', 'page') OR what = 'older page' AND NEW.as_of IS NULL)
  INTO NEW.held_from, NEW.held_until, NEW.sure_from, NEW.sure_until
  FROM (
    SELECT what, (date || substr('-01-01', length(date) - 3))::date AS first_day,
      (CASE length(date) WHEN 4 THEN date || '-12-31' WHEN 7 THEN date || '-01' ELSE date END)::date
        + CASE length(date) WHEN 7 THEN interval '1 month - 1 day' ELSE interval '0' END AS last_day
    FROM (
      VALUES ('since', NEW.since), ('until', NEW.until), ('page', NEW.as_of), ('newer', NEW.followed_on),
        ('founded', founded), ('closed', closed)
      UNION ALL SELECT 'older page', page.as_of FROM people_positionsource AS page WHERE page.position_id = NEW.id
    ) AS known (what, date)
    WHERE date ~ '^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$' AND (
      what NOT LIKE '%page' OR date >= coalesce(NEW.since, '') AND date < coalesce(NEW.until, '~')
    )
  ) AS days;
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND NEW IS NOT DISTINCT FROM OLD THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END """

RENEW_POSTS = """BEGIN
  IF TG_TABLE_NAME = 'people_person' THEN
    UPDATE people_position SET is_shown = is_shown WHERE person_id = NEW.id;
  ELSIF TG_TABLE_NAME = 'institutions_institution' THEN
    UPDATE people_position SET is_shown = is_shown WHERE institution_id = NEW.id;
  ELSIF TG_TABLE_NAME = 'people_positionsource' THEN
    UPDATE people_position SET is_shown = is_shown WHERE id IN (OLD.position_id, NEW.position_id);
  ELSE
    UPDATE people_position SET is_shown = is_shown
    WHERE (institution_id, seat) IN ((OLD.institution_id, OLD.seat), (NEW.institution_id, NEW.seat))
      AND seat <> '' AND id <> coalesce(NEW.id, OLD.id);
  END IF;
  RETURN NULL;
END """


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("institutions", "0002_triggers")]

    operations = [
        *map(
            no_control_characters,
            ["person", "personname", "personsource", "position", "positionsource", "positioncontact"],
        ),
        *guard_record("person", "people_person"),
        note_changes("person", "notes_names", table="people_personname", column="person_id"),
        note_changes("person", "notes_posts", table="people_position", column="person_id"),
        note_changes(
            "person",
            "notes_institutions",
            table="institutions_institution",
            on="UPDATE",
            ids="SELECT person_id FROM people_position WHERE institution_id = ANY ($1)",
        ),
        note_changes(
            "person",
            "notes_institution_names",
            table="institutions_institutionname",
            column="institution_id",
            ids="SELECT person_id FROM people_position WHERE institution_id = ANY ($1)",
        ),
        note_changes(
            "person",
            "notes_cities",
            table="institutions_city",
            on="UPDATE",
            ids="SELECT person_id FROM people_position JOIN institutions_institution AS body"
            " ON body.id = institution_id WHERE body.city_id = ANY ($1)",
        ),
        # Tenures.
        migrations.AddConstraint("position", Function(name="people_keep_post", body=KEEP_POST)),
        migrations.AddConstraint("position", Function(name="people_renew_posts", body=RENEW_POSTS)),
        migrations.AddConstraint(
            "position",
            Trigger(
                name="position_keeps_tenure",
                fires="BEFORE INSERT OR UPDATE",
                function="people_keep_post",
            ),
        ),
        migrations.AddConstraint(
            "position",
            Trigger(
                name="position_renews_seat",
                fires="AFTER INSERT OR DELETE",
                function="people_renew_posts",
            ),
        ),
        migrations.AddConstraint(
            "position",
            Trigger(
                name="position_renews_seats",
                fires="AFTER UPDATE",
                function="people_renew_posts",
                condition="(OLD.institution_id, OLD.seat, OLD.is_shown, OLD.since, OLD.until, OLD.as_of) IS DISTINCT FROM (NEW.institution_id, NEW.seat, NEW.is_shown, NEW.since, NEW.until, NEW.as_of)",
            ),
        ),
        migrations.AddConstraint(
            "position",
            Trigger(
                name="position_renewed_by_page",
                fires="AFTER INSERT OR UPDATE OR DELETE",
                function="people_renew_posts",
                table="people_positionsource",
            ),
        ),
        migrations.AddConstraint(
            "position",
            Trigger(
                name="position_renewed_by_person",
                fires="AFTER UPDATE",
                function="people_renew_posts",
                table="people_person",
                condition="(OLD.publication_state) IS DISTINCT FROM (NEW.publication_state)",
            ),
        ),
        migrations.AddConstraint(
            "position",
            Trigger(
                name="position_renewed_by_institution",
                fires="AFTER UPDATE",
                function="people_renew_posts",
                table="institutions_institution",
                condition="(OLD.publication_state, OLD.founded, OLD.closed) IS DISTINCT FROM (NEW.publication_state, NEW.founded, NEW.closed)",
            ),
        ),
        # Checks.
        migrations.AddConstraint(
            "positioncontact",
            Trigger(name="positioncontact_keeps_check", fires="BEFORE UPDATE", function="sources_keep_check"),
        ),
        *map(
            moves_data_version,
            ["person", "personname", "personsource", "position", "positionsource", "positioncontact"],
        ),
        *log_changes("person", "log"),
        *log_changes("person", "log_posts", table="people_position", column="person_id"),
        *log_changes(
            "person", "log_bodies", table="people_position", column="institution_id", of="institutions_institution"
        ),
        *log_changes(
            "person", "log_contacts", table="people_positioncontact", column="position_id", of="people_position"
        ),
        *log_changes("person", "log_pages", table="people_positionsource", column="position_id", of="people_position"),
    ]
