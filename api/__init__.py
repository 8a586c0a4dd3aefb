"""The directory for programs: lists and records as JSON, and their description in OpenAPI.

Belongs here: members of records with their schemas, parameters and pages of lists, answers to programs. What is public,
which records a filter leaves and what a record says is taken from the rooms below.
"""
