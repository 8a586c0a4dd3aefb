"""Facts from outside: proposals with their evidence, open registers, and institutions' own pages.

Nothing here changes a record: editors accept proposals, in `editors.inbox`. May import exports and the rooms below it.
"""
