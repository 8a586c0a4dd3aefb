"""Faults of a running site: what visitors see meanwhile, and that it recovers alone."""
