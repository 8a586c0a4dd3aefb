"""Triggers that keep what follows from the dates, the seat and the surroundings of posts in columns of their own.

What depends on the present day is not in them: days are kept, and queries compare them with today.
"""

from database.triggers import Function, Trigger
from languages.partial_dates import LATEST_SUFFIX, PARTIAL_DATE_REGEX

# Of the post itself, before it is written. Whoever changes the institution, or the person of a new post, at the same
# time is waited for, or waits: neither may miss the other. A change of a person renews the posts that are there.
# Posts that `RENEW_POSTS` asks for are written only if they change. A date that the constraints will refuse is passed
# over.
KEEP_POST = Function(
    name="people_keep_post",
    body=f"""DECLARE
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
    WHERE date ~ '{PARTIAL_DATE_REGEX}' AND (
      what NOT LIKE '%page' OR date >= coalesce(NEW.since, '') AND date < coalesce(NEW.until, '{LATEST_SUFFIX}')
    )
  ) AS days;
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND NEW IS NOT DISTINCT FROM OLD THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END """,  # noqa: S608 from constants
)
# Of the posts around a change: others in the same seat, those of a person, at an institution, or with an older page.
RENEW_POSTS = Function(
    name="people_renew_posts",
    body="""BEGIN
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
END """,
)


def _renew(name: str, when: str, *, columns: tuple[str, ...] = (), table: str = "") -> Trigger:
    """Return a trigger for these events; of updates only those that change one of the columns."""
    before, after = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return Trigger(
        name=name,
        table=table,
        fires=f"AFTER {when}",
        condition=f"({before}) IS DISTINCT FROM ({after})" if columns else "",
        function="people_renew_posts",
    )


# Of posts.
TENURES = [
    KEEP_POST,
    RENEW_POSTS,
    Trigger(name="position_keeps_tenure", fires="BEFORE INSERT OR UPDATE", function="people_keep_post"),
    _renew("position_renews_seat", "INSERT OR DELETE"),
    _renew(
        "position_renews_seats",
        "UPDATE",
        columns=("institution_id", "seat", "is_shown", "since", "until", "as_of"),
    ),
    _renew("position_renewed_by_page", "INSERT OR UPDATE OR DELETE", table="people_positionsource"),
    _renew("position_renewed_by_person", "UPDATE", table="people_person", columns=("publication_state",)),
    _renew(
        "position_renewed_by_institution",
        "UPDATE",
        table="institutions_institution",
        columns=("publication_state", "founded", "closed"),
    ),
]
