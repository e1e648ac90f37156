"""What .ci/client generates besides: secrets that are not printed, and refusals that are raised."""

import ast

from ariadne_codegen.plugins.base import Plugin
from graphql import FieldNode, OperationDefinitionNode

SECRET = frozenset({"full_token"})


# A failed validation quotes what it was given, a token's text with it.
VALIDATED = """        alias_generator=to_camel,
        hide_input_in_errors=True,
    )

    @classmethod
    def model_validate(cls, obj: object, **options: Any) -> Self:
        \"\"\"Return an answer. Raises Unreadable for one of another release.\"\"\"
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise Unreadable(
                "The service's answer is of another release than this client:"
                f" {error.error_count()} of its values are not known here."
            ) from None
"""
IMPORTS = """from typing import Any, Self

from pydantic import BaseModel as PydanticBaseModel
from pydantic import ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from app.client.errors import Unreadable
"""


class HideSecretsPlugin(Plugin):
    """Leaves a token's text out of what is printed and logged."""

    def copy_code(self, copied_code: str) -> str:
        """Have the base of all models say nothing of what it was given."""
        end = "        alias_generator=to_camel,\n    )\n"
        if end not in copied_code:
            return copied_code
        head, body = copied_code.split("class UnsetType", 1)
        del head
        return f"{IMPORTS}\n\nclass UnsetType{body.replace(end, VALIDATED)}"

    def generate_result_field(
        self,
        field_implementation: ast.AnnAssign,
        operation_definition: OperationDefinitionNode,  # noqa: ARG002
        field: FieldNode,  # noqa: ARG002
    ) -> ast.AnnAssign:
        """Make a secret a field that ``repr`` leaves out."""
        target = field_implementation.target
        if isinstance(target, ast.Name) and target.id in SECRET:
            hidden = ast.keyword("repr", ast.Constant(False))
            field_implementation.value = ast.Call(ast.Name("Field"), [], [hidden])
        return field_implementation


class RaiseRefusalsPlugin(Plugin):
    """Leaves errors out of what a method returns: the client raises them."""

    def generate_client_module(self, module: ast.Module) -> ast.Module:
        """Take the members of a result that end in Error from the methods' annotations."""
        for node in ast.walk(module):
            union = node.returns if isinstance(node, ast.AsyncFunctionDef) else None
            if isinstance(union, ast.Subscript) and isinstance(union.slice, ast.Tuple):
                members = union.slice.elts
                kept = [each for each in members if not ast.unparse(each).endswith("Error")]
                union.slice = ast.Tuple(kept) if len(kept) > 1 else kept[0]
        return module
