"""Validation of a document, bounded in the errors that it looks for."""

from graphql import DocumentNode, ValidationRule, validate

MAX_ERRORS = 20
MAX_ERRORS_WITH_SUGGESTIONS = 3
MAX_LENGTH_WITH_SUGGESTIONS = 4000


class BoundedValidation(ValidationRule):
    """All rules of the specification, up to so many errors.

    Strawberry hands no options on to graphql-core, which would look for 100 errors and, for each,
    compare the unknown name with every type or field that may have been meant.
    """

    def enter_document(self, node: DocumentNode, *_: object) -> None:
        """Report what the rules find; suggestions come where there is little to suggest."""
        schema = self.context.schema
        # One less than is answered, because the last one then says that there are more.
        found = validate(schema, node, max_errors=MAX_ERRORS - 1, hide_suggestions=True)
        is_short = node.loc is not None and node.loc.end <= MAX_LENGTH_WITH_SUGGESTIONS
        if is_short and 0 < len(found) <= MAX_ERRORS_WITH_SUGGESTIONS:
            found = validate(schema, node)
        for error in found:
            self.report_error(error)
