"""A terminal's screen: what a person sees after a program has written this and that to it."""

import io
import re

PIECES = re.compile(r"\x1b\[([?\d;]*)([A-Za-z])|(\r)|(\n)|([^\x1b\r\n]+)")
COLOURS = re.compile(r"\x1b\[[\d;]*m")


class Screen:
    """Lines without a width; it knows what rich writes, and refuses the rest."""

    def __init__(self):
        self.lines, self.row, self.column = [""], 0, 0
        self.cursor_shown = True

    def write(self, text):
        """Do as the text says."""
        at = 0
        for piece in PIECES.finditer(text):
            assert piece.start() == at, text[at : piece.start()]
            at = piece.end()
            arguments, code, back, down, plain = piece.groups()
            if back:
                self.column = 0
            elif down:
                self.row, self.column = self.row + 1, 0
                self.lines += [""] * (self.row + 1 - len(self.lines))
            elif plain:
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = line[: self.column] + plain + line[self.column + len(plain) :]
                self.column += len(plain)
            else:
                self._control(arguments, code)
        assert at == len(text), text[at:]

    def _control(self, arguments, code):
        if code == "A":
            self.row -= int(arguments)
            assert self.row >= 0
        elif code == "K":
            assert arguments == "2"
            self.lines[self.row] = ""
        elif code in "hl":
            assert arguments == "?25"
            self.cursor_shown = code == "h"
        else:
            assert code == "m"

    @property
    def text(self):
        """What stands there, without what is empty at the end."""
        return "\n".join(line.rstrip() for line in self.lines).rstrip("\n")


class Terminal(io.StringIO):
    """A stream that goes to a screen."""

    def __init__(self, screen):
        super().__init__()
        self.screen = screen

    def write(self, text):
        """Show it, and keep it."""
        self.screen.write(text)
        return super().write(text)

    def isatty(self):
        """Whether this is a terminal: it is."""
        return True
