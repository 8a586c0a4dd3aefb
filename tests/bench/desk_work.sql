-- Something to do at the desk, and lists of what load_synthetic.py makes none of. Run once, after it.
-- Sets of rows are chosen by number, so that every run gives the same.
UPDATE institutions_institution SET publication_state = 'draft' WHERE id % 20 = 0;
UPDATE institutions_institution SET publication_state = 'archived' WHERE id % 50 = 1;
UPDATE institutions_institution SET status = 'closed' WHERE id % 30 = 2;
UPDATE institutions_institution SET name_ru = '' WHERE id % 12 = 5;
UPDATE institutions_institution SET name_native = '', native_language = '' WHERE id % 9 = 4;
INSERT INTO institutions_institutionsource (institution_id, source_id, supports, "order")
  SELECT i.id, s.first + i.id % 1000, '{names}', 0
  FROM institutions_institution i, (SELECT min(id) AS first FROM sources_source) s WHERE i.id % 10 <> 3;
INSERT INTO institutions_institutionname (institution_id, text, kind, language, script)
  SELECT id, name_en || ' Ltd', 'official', 'en', 'Latn' FROM institutions_institution;
INSERT INTO institutions_stage (institution_id, name_en, name_ru, area_m2, note_en, note_ru, "order")
  SELECT id, 'Stage ' || n, '', 400 + n * 100, '', '', n FROM institutions_institution, generate_series(1, 3) n
  WHERE kind = 'studio';
UPDATE institutions_institutioncontact SET checked_on = NULL, check_method = '' WHERE id % 5 = 0;
UPDATE institutions_institutioncontact SET is_public = false WHERE id % 40 = 7;
UPDATE institutions_institutioncontact SET checked_on = to_char(current_date - (id % 900)::int, 'YYYY-MM-DD')
  WHERE id % 2 = 1 AND checked_on IS NOT NULL;
UPDATE people_person SET publication_state = 'draft' WHERE id % 30 = 0;
UPDATE people_position SET role = 'head', seat = 'director',
  as_of = CASE WHEN until IS NULL THEN to_char(current_date - (id % 1400)::int, 'YYYY-MM-DD') END
  WHERE title_en = 'Director' AND (since IS NULL OR since < '2022');
UPDATE people_positioncontact SET check_method = 'e-mail',
  checked_on = to_char(current_date - (id % 1500)::int, 'YYYY-MM-DD') WHERE id % 4 <> 0;
INSERT INTO sources_source (url, title, publisher, language, licence, snapshot_url, note)
  SELECT 'https://example.org/more/' || n, 'Page ' || n, 'Publisher ' || n % 500, (ARRAY['ru', 'en', ''])[1 + n % 3], '', '', ''
  FROM generate_series(1, 100000) n;
INSERT INTO sources_pastslug (record_kind, slug, record_key)
  SELECT 'institution', 'once-' || key, key FROM institutions_institution WHERE id % 2 = 0;
INSERT INTO institutions_programme (key, slug, publication_state, name_en, name_ru, name_native, native_language,
  sort_key_en, sort_key_ru, remarks_en, remarks_ru, editors_note, created_at, updated_at, kind, country_id,
  institution_id, partners, currency, summary_en, summary_ru, search_words, search_text)
  SELECT key, slug, publication_state, name_en, name_ru, '', '', sort_key_en, sort_key_ru, '', '', '', now(), now(),
  'grant', country_id, id, '{}', '', description_en, '', '', '{}' FROM institutions_institution WHERE id % 5 = 0;
INSERT INTO cooperation_event (key, slug, publication_state, name_en, name_ru, name_native, native_language,
  sort_key_en, sort_key_ru, remarks_en, remarks_ru, editors_note, created_at, updated_at, kind, country_id, city_id,
  start, summary_en, summary_ru, search_words, search_text)
  SELECT key, slug, publication_state, name_en, name_ru, '', '', sort_key_en, sort_key_ru, '', '', '', now(), now(),
  'forum', country_id, city_id, '2024-05', description_en, '', '', '{}' FROM institutions_institution WHERE id % 5 = 0;
INSERT INTO cooperation_film (key, slug, publication_state, name_en, name_ru, name_native, native_language,
  sort_key_en, sort_key_ru, remarks_en, remarks_ru, editors_note, created_at, updated_at, year, status, directors,
  other_partners, summary_en, summary_ru, search_words, search_text)
  SELECT key, slug, publication_state, name_en, name_ru, '', '', sort_key_en, sort_key_ru, '', '', '', now(), now(),
  1990 + id % 35, '', '{}', '{}', description_en, '', '', '{}' FROM institutions_institution WHERE id % 5 = 0;
INSERT INTO cooperation_filmcountry (film_id, country_id, "order")
  SELECT f.id, i.country_id, 0 FROM cooperation_film f JOIN institutions_institution i USING (key);
INSERT INTO cooperation_participation (event_id, institution_id, name, role, "order")
  SELECT e.id, i.id, '', 'participant', 0 FROM cooperation_event e JOIN institutions_institution i USING (key);
