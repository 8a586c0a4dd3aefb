"""Screenshots of the editors' manual: performs its tasks in Chromium, on the real data set.

    uv run python -m tests.screenshots.manual

writes docs/editing/*.png, each the part of the page that the manual speaks of. The people, the studio and the codes in
them are made up.
"""

from .site import chromium, running_site


def main():
    with running_site() as address, chromium() as browser:
        # Knows models, which are there only now.
        from .editors_walk import walk_through

        walk_through(browser, address)


if __name__ == "__main__":
    main()
