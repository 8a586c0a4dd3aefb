"""Pages across domains: start page, search, coverage, comparison, changes, feeds, sitemap, pictures, corrections.

Belongs here: pages that draw on several packages, and corrections by readers (`visitors.corrections`). Does not belong
here: the answers of editors. May import `exports` and the packages below it.
"""
