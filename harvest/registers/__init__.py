"""Open registers: each is asked politely, its bodies are matched with records, and what they say is proposed.

`register.py` says what a register is, `known.py` lists them, and `harvesting.py` goes through one.
"""
