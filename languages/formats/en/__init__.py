"""English formats: the day before the month, and a 24-hour clock."""
