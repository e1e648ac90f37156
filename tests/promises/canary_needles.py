"""Looking for secrets in whatever was written: text, bytes, and what is encoded in either.

A secret counts as found where 16 characters of it stand together, in letters of any case: that is
95 bits of 256, and more than the log shows of a path.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

PIECE = 16

_RUN = re.compile(rb"[0-9A-Za-z]{%d,}" % PIECE)
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){%d,}" % PIECE)
_TEXT = re.compile(rb"[0-9A-Za-z+/_-]{%d,}" % PIECE)
"""All that a run, or what is encoded in hexadecimal or Base64, can stand in."""
_ESCAPED = re.compile(rb"(?:%%[0-9A-Fa-f]{2}){%d,}" % PIECE)
_BASE64_LENGTH = 56
"""Of a whole secret."""


def secret_of(token: str) -> str:
    """Return what of a token is secret: the 256 bits, without the checksum behind them."""
    return token.rsplit("_", 1)[1][:43]


@dataclass
class Needles:
    """Secrets by name, cut into every piece of 16 characters."""

    names: dict[bytes, str] = field(default_factory=dict[bytes, str], repr=False)

    def add(self, name: str, secret: str) -> None:
        """Look for a secret that consists of letters and digits where it matters."""
        for run in _RUN.findall(secret.encode()):
            for piece in _pieces(run.lower()):
                self.names[piece] = name

    def add_tokens(self, tokens: Iterable[str]) -> None:
        """Look for tokens, each under its prefix."""
        for token in tokens:
            self.add(token[:27], secret_of(token))

    def found_in(self, content: bytes) -> set[str]:
        """Return the names of the secrets that content holds, plain or encoded."""
        found: set[str] = set()
        # Most of a log is said again and again.
        for text in set(_TEXT.findall(content)):
            found.update(self._plain(text))
            for run in _HEX.findall(text):
                found.update(self._plain(binascii.unhexlify(run)))
                found.update(self._plain(binascii.unhexlify(run[1:-1])))
            if len(text) >= _BASE64_LENGTH:
                standard = text.translate(_STANDARD)
                # Where the text in front of a secret ends decides on which letters it begins.
                for begin in range(4):
                    whole = standard[begin : begin + (len(text) - begin) // 4 * 4]
                    found.update(self._plain(base64.b64decode(whole)))
        for run in set(_ESCAPED.findall(content)):
            found.update(self._plain(binascii.unhexlify(run.replace(b"%", b""))))
        return found

    def whereabouts(self, content: bytes, most: int = 5) -> list[str]:
        """Return what stands in front of secrets that content holds plain, for a person."""
        found: list[str] = []
        for run in _RUN.finditer(content):
            if any(piece in self.names for piece in _pieces(run[0].lower())):
                found.append(content[max(0, run.start() - 80) : run.start()].decode("latin-1"))
                if len(found) == most:
                    break
        return found

    def _plain(self, content: bytes) -> Iterator[str]:
        for run in _RUN.findall(content):
            for piece in _pieces(run.lower()):
                name = self.names.get(piece)
                if name is not None:
                    yield name


_STANDARD = bytes.maketrans(b"-_", b"+/")


def _pieces(run: bytes) -> Iterator[bytes]:
    for begin in range(len(run) - PIECE + 1):
        yield run[begin : begin + PIECE]
