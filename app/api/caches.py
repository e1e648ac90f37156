"""What is remembered of documents that come again: the short ones, parsed, checked and validated.

A full collection of garbage walks all that is remembered, while a request waits: 256 documents of
1,400 words hold it up for half a second. Programs send few documents, and short ones.
"""

from collections.abc import Iterator

from strawberry.extensions import ParserCache, ValidationCache

MOST = 50
LONGEST = 2000
"""Characters."""


def is_kept(query: str | None) -> bool:
    """Tell whether a document is short enough to be remembered."""
    return query is not None and len(query) <= LONGEST


class ShortParserCache(ParserCache):
    """Remembers short documents as they were parsed."""

    def on_parse(self) -> Iterator[None]:
        """Parse, unless it was parsed before."""
        if is_kept(self.execution_context.query):
            yield from super().on_parse()
        else:
            yield


class ShortValidationCache(ValidationCache):
    """Remembers what validation found in short documents."""

    def on_validate(self) -> Iterator[None]:
        """Validate, unless it was validated before."""
        if is_kept(self.execution_context.query):
            yield from super().on_validate()
        else:
            yield
