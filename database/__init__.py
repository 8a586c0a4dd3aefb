"""Functions and triggers of PostgreSQL, declared with the constraints of models.

Belongs here: how such a declaration becomes SQL. Does not belong here: any function or trigger; they stand beside the
models that they serve. Imports nothing of this project.
"""
