"""Texts that are difficult for table formats."""

from hypothesis import strategies as st

# All that PostgreSQL holds but for control characters other than tab and line feed, which no XML can say.
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")


TEXT = st.text(LETTERS | st.sampled_from("\n\t,;\"'=+-@ʻ’"))


HARD = ["=1+1", 'a,"b"\nc;d', "Oʻzbek", "Հայ ქარ 🎬", "-5", "@x", "\tx", "0010", " x ", "+994 12", "_x0041_", "1E5"]
