"""Russian formats: a comma before the time, and two digits for the hour."""
