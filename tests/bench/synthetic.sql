-- From the tables s_institutions, s_people, s_positions and s_languages to the directory's own.
INSERT INTO institutions_country (code, cis_status, film_law_en, film_law_ru, remarks_en, remarks_ru, editors_note,
  updated_at) SELECT DISTINCT country, 'member', '', '', '', '', '', now() FROM s_institutions;
INSERT INTO institutions_city (key, country_id, name_en, name_ru, name_native, native_language, sort_key_en, sort_key_ru,
  other_spellings)
  SELECT DISTINCT lower(country || '-' || city), country, city, '', '', '', lower(city), lower(city), '{}'::text[] FROM s_institutions;
INSERT INTO sources_source (url, title, publisher, language, licence, snapshot_url, note)
  SELECT 'https://example.org/source/' || n, 'Source ' || n, '', '', '', '', '' FROM generate_series(1, 1000) n;
INSERT INTO institutions_institution (id, key, slug, publication_state, name_en, name_ru, name_native, native_language,
  sort_key_en, sort_key_ru, remarks_en, remarks_ru, editors_note, created_at, updated_at, kind, is_international,
  country_id, city_id, ownership, status, founded, services, address_local, address_latin, postal_code,
  description_en, description_ru, identifiers, submission_url, standing, search_words, search_text)
  SELECT s.id, replace(s.slug, '--', '-'), replace(s.slug, '--', '-'), 'published', s.name_en, s.name_ru, s.name_local, l.tag, lower(s.name_en),
  lower(s.name_ru), '', '', '', now(), now(), s.kind, false, s.country, c.id, s.ownership, 'active',
  nullif(s.founded, ''), coalesce(string_to_array(nullif(s.services, ''), '|'), '{}'), '',
  (s.id % 200) || ' Film Street', lpad((s.id % 999999)::text, 6, '0'), s.description, '', '{}', '', 0, '', '{}'
  FROM s_institutions s JOIN s_languages l USING (country) JOIN institutions_city c ON c.key = lower(s.country || '-' || s.city);
INSERT INTO institutions_institutioncontact (institution_id, kind, value, department, department_ru, language, languages, is_public,
  note, "order", seen_url, missed, checked_on, check_method, source_id)
  SELECT id, kind, value, '', '', '', '{}', true, '', 0, '', 0, verified, 'official-page', (SELECT min(id) FROM sources_source) + id % 1000
  FROM (SELECT id, 'phone' AS kind, replace(phone, ' ', '') AS value, verified FROM s_institutions WHERE phone <> ''
  UNION ALL SELECT id, 'email', lower(email), verified FROM s_institutions WHERE email <> ''
  UNION ALL SELECT id, 'website', website, verified FROM s_institutions WHERE website <> '') contacts ORDER BY id;
INSERT INTO people_person (id, key, slug, publication_state, name_en, name_ru, name_native, native_language, sort_key_en,
  sort_key_ru, remarks_en, remarks_ru, editors_note, created_at, updated_at, given_name_en, family_name_en, patronymic_en,
  given_name_ru, family_name_ru, patronymic_ru, form_of_address_en, form_of_address_ru, form_of_address_native, withheld,
  withheld_reason, withheld_note, search_words, search_text)
  SELECT id, replace(slug, '--', '-'), replace(slug, '--', '-'), 'published', name_en, name_ru, '', '', lower(name_en), lower(name_ru), '', '', '', now(), now(),
  '', '', '', '', '', '', '', '', '', false, '', '', '', '{}' FROM s_people;
INSERT INTO people_position (person_id, institution_id, body_name, title_en, title_ru, title_native, native_language, role,
  seat, since, until, is_public, "order", is_shown, held_from, held_until)
  SELECT DISTINCT ON (person_id, institution_id, title_en, since) person_id, institution_id, '', title_en, title_ru, '', '',
  'other', '', nullif(since, ''), nullif(until, ''), true, 0, false, '0001-01-01', '9999-12-31' FROM s_positions;
INSERT INTO people_positioncontact (position_id, kind, value, department, department_ru, language, languages, is_public, note, "order",
  seen_url, missed, check_method) SELECT p.id, 'email', lower(s.email), '', '', '', '{}', true, '', 0, '', 0, ''
  FROM people_position p JOIN s_people s ON s.id = p.person_id WHERE s.email <> '';
