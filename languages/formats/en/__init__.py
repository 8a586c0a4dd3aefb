"""English: the day before the month, as everywhere on the site, and hours up to 24."""
