"""Lists and records on other people's pages: small pages for frames, and oEmbed, which tells of them.

Belongs here: what may stand in a frame, and where. It stores nothing, and runs no script.
"""
