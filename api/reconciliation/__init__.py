"""Reconciliation service 0.2 of the W3C community group: which records the names in somebody's table mean.

Belongs here: reading of batches, candidates in the service's words, suggestions, previews, and columns of records.
"""
