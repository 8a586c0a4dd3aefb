"""How dates and times look, where Django's own way is not that of the language or of this site."""
