"""A reader of institutions' own websites: which pages say how to reach them, and what those pages say.

Pure: reads through `web.site_client` and returns `results.SiteReading`; knows no models.
"""
