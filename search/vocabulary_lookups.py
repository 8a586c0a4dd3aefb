"""SQL that looks up words of the vocabulary for a typed word, each served by an index and with a limit."""

LOOK_UP = """
SELECT word, record_count FROM search_vocabularyword WHERE word = ANY(%(exact)s::text[])
UNION (
  SELECT word, record_count FROM search_vocabularyword
  WHERE word >= %(word)s AND word < %(word)s || '~' AND length(%(word)s) >= 2
  ORDER BY record_count DESC LIMIT %(extensions)s
)
"""
LOOK_UP_PARTS = """
SELECT word, record_count FROM search_vocabularyword WHERE word LIKE '%%' || %(word)s || '%%' LIMIT %(extensions)s
"""
LOOK_UP_LOOKALIKES = """
SELECT word, record_count FROM search_vocabularyword WHERE keys && %(keys)s::text[] LIMIT %(lookalikes)s
"""
