"""What .ci/client generates besides: secrets that are not printed, and refusals that are raised."""

import ast

from ariadne_codegen.plugins.base import Plugin
from graphql import FieldNode, OperationDefinitionNode

SECRET = frozenset({"full_token"})


class HideSecretsPlugin(Plugin):
    """Leaves a token's text out of the representation of what holds it."""

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
