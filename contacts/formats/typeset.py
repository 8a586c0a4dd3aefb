"""A program of its own: JSON of a directory from standard input, the PDF to standard output.

Setting a thousand entries takes about 150 MB, which go back to the machine only when the process ends.
"""

import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent


def main():
    document = typst.compile(
        HERE / "directory.typ",
        format="pdf",
        # DejaVu Sans holds Latin, Cyrillic, Armenian and Georgian letters; what fonts a machine has differs.
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"data": sys.stdin.read()},
        pdf_standards=["ua-1"],
    )
    sys.stdout.buffer.write(document)


if __name__ == "__main__":
    main()
