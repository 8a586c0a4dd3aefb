"""Progress of a long command on a terminal."""

BAR_WIDTH = 30


class ProgressBar:
    """Line on the error stream that tells how far a command is; nothing where that is no terminal."""

    def __init__(self, stream):
        self.stream = stream if stream is not None and stream.isatty() else None

    def show(self, number: int, total: int, words: str):
        if self.stream:
            filled = BAR_WIDTH * number // total
            bar = "#" * filled + "." * (BAR_WIDTH - filled)
            self.stream.write(f"\r[{bar}] {number}/{total} {words[:40]:40}", str, ending="")
            self.stream.flush()

    def end(self):
        if self.stream:
            self.stream.write("")
