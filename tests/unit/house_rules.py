"""Rules of this house that no linter knows, read from the syntax of a source.

A line that has to break one says why in its comment or in one above: ``house: <why>``. What other
tools watch stays theirs: layers and who imports asyncpg are import-linter's; print, broad excepts,
random numbers and shells are ruff's and bandit's; stars are ``tests/db/test_stars.py``'s.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ESCAPE = re.compile(r"#.*\bhouse: \w+")

SECRET_NAMES = frozenset(
    {
        *("authorization", "body", "cookie", "credential", "credentials", "document", "full"),
        *("full_token", "headers", "password", "pepper", "peppers", "query", "secret"),
        *("signing_key", "token", "variables"),
    }
)
"""What holds a secret, or whatever people paste into it."""

_KEPT_SECRETS = frozenset(
    {"credential", "full_token", "keys", "password", "pepper", "secret", "signing_key"}
)
_COMPARED = re.compile(r"(^|_)(secret|digest|hmac|mac|signature|pepper|password)$")
_RUN = frozenset({"execute", "executemany", "fetch", "fetchrow", "fetchval", "cursor", "prepare"})
_LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
_VERB = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|SET|CREATE|ALTER|DROP|GRANT)\s")


@dataclass(frozen=True)
class Rule:
    """A rule, where it holds, and what breaks and what keeps it."""

    name: str
    folders: tuple[str, ...]
    find: Callable[[ast.Module], Iterator[ast.AST]]
    breaks: tuple[str, ...]
    keeps: tuple[str, ...]
    exempt: frozenset[str] = frozenset()
    """Files that are there for what the rule forbids elsewhere."""

    def broken(self, source: str) -> list[int]:
        """Return the numbers of the lines that break it and do not say why."""
        lines = source.splitlines()
        found = {getattr(node, "lineno", 0) for node in self.find(ast.parse(source))}
        return sorted(
            number
            for number in found
            if not any(map(ESCAPE.search, lines[max(0, number - 2) : number]))
        )


def _calls(tree: ast.AST, names: frozenset[str]) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in names
        ):
            yield node, node.func


def _named(node: ast.AST) -> Iterator[str]:
    """Yield the names of what an expression reads, but for what is called or looked into."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Call(func=function, args=arguments):
            # What a function makes of a secret is the function's business; to spell one out is not.
            if isinstance(function, ast.Name) and function.id in ("str", "repr", "ascii", "format"):
                for argument in arguments:
                    yield from _named(argument)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _named(child)


def _holds_secret(node: ast.AST) -> bool:
    return any(name in SECRET_NAMES for name in _named(node))


def composed_statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Statements that are put together where they are run, or in a function that is called then.

    A function called ``…_sql`` makes statements of others' constants while its module is imported.
    """
    for call, _ in _calls(tree, _RUN):
        if call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp):
            yield call
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if function.name.endswith("_sql"):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.JoinedStr) and node.values:
                first = node.values[0]
                if isinstance(first, ast.Constant) and _VERB.match(str(first.value)):
                    yield node
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("_sql"):
                yield node


def compared_secrets(tree: ast.Module) -> Iterator[ast.AST]:
    """Secrets and digests compared by an operator, which stops at the first difference."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        if not all(isinstance(each, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for each in node.ops):
            continue
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Constant) for side in sides):
            continue
        for side in sides:
            inner = side.func if isinstance(side, ast.Call) else side
            name = getattr(inner, "attr", getattr(inner, "id", ""))
            if _COMPARED.search(name):
                yield node
                break


def logged_secrets(tree: ast.Module) -> Iterator[ast.AST]:
    """Log lines whose event is no constant, or that are handed what may hold a secret."""
    for call, function in _calls(tree, _LEVELS):
        if not (isinstance(function.value, ast.Name) and function.value.id in ("log", "logger")):
            continue
        event = call.args[0] if call.args else None
        events = [event.body, event.orelse] if isinstance(event, ast.IfExp) else [event]
        if not all(isinstance(each, ast.Constant) for each in events) or any(
            keyword.arg in SECRET_NAMES or _holds_secret(keyword.value) for keyword in call.keywords
        ):
            yield call


def raised_secrets(tree: ast.Module) -> Iterator[ast.AST]:
    """Texts of errors that hold what may be a secret: they end in logs and answers."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            for inner in ast.walk(node.exc):
                if isinstance(inner, ast.FormattedValue) and _holds_secret(inner.value):
                    yield node
                    break


def shown_secrets(tree: ast.Module) -> Iterator[ast.AST]:
    """Fields of dataclasses that hold a secret and stand in the object's ``repr``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        if not any("dataclass" in ast.unparse(each) for each in node.decorator_list):
            continue
        for field in node.body:
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and field.target.id in _KEPT_SECRETS
                and re.search(r"\b(str|bytes)\b", ast.unparse(field.annotation))
                and "repr=False" not in ast.unparse(field)
            ):
                yield field


def read_environment(tree: ast.Module) -> Iterator[ast.AST]:
    """Reads of the environment elsewhere than in the settings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb"):
            yield node


RULES = [
    Rule(
        "statements are put together from constants, at the top of a module",
        ("db",),
        composed_statements,
        (
            'await connection.fetch(f"SELECT a FROM t WHERE b = {b}")',
            'await connection.execute("DELETE FROM t WHERE a = " + a)',
            'await connection.fetchval("SELECT %s" % a)',
            'def f(a):\n    return f"UPDATE t SET a = {a}"',
            "def f(key):\n    return connection.fetch(_list_sql(key))",
        ),
        (
            "await connection.fetch(FIND_SQL, a)",
            'FIND_SQL = f"SELECT {COLUMNS} FROM t"',
            'def f(a):\n    return f"Select one of {a}"',
            'def _list_sql(key):\n    return f"SELECT {key} FROM t"\n\nLIST_SQL = _list_sql("a")',
        ),
        # Roles, locks and settings are named by statements that take no parameters.
        frozenset({"db/roles.py", "db/migrate.py", "db/pool.py"}),
    ),
    Rule(
        "secrets are compared by hmac.compare_digest",
        ("app", "db"),
        compared_secrets,
        (
            "if stored.secret_hmac == made:\n    pass",
            "ok = digest(token) != stored",
            "ok = signature in (a, b)",
        ),
        (
            "ok = hmac.compare_digest(made, stored)",
            "ok = signature is None",
            'ok = secret == ""',
            "ok = last_hash == earlier",
            "ok = pepper_version in peppers.keys",
        ),
    ),
    Rule(
        "log lines have a constant event, and nothing that may hold a secret",
        ("app", "db"),
        logged_secrets,
        (
            'log.info("made", token=full)',
            'log.warning("bad", text=request.headers)',
            'log.error(f"bad {text}")',
            'log.debug("asked", what=str(body))',
            'log.exception("bug", note=f"of {credential}")',
        ),
        (
            'log.info("made", token_id=str(token_id))',
            'log.exception("bug", uses=len(batch))',
            'log.info("made", prefix=prefix_of(token))',
        ),
    ),
    Rule(
        "errors say nothing that may be a secret",
        ("app", "db"),
        raised_secrets,
        ('raise ValueError(f"no token: {token}")', 'raise E(f"{self.password!r} is wrong")'),
        ('raise ValueError("no token")', 'raise E(f"{len(token)} characters are too many")'),
    ),
    Rule(
        "secrets are in no repr",
        ("app", "db"),
        shown_secrets,
        (
            "@dataclass(frozen=True)\nclass A:\n    full_token: str | None",
            "@dataclass\nclass A:\n    keys: Mapping[int, bytes] = field()",
        ),
        (
            "@dataclass\nclass A:\n    full_token: str = field(repr=False)",
            "@dataclass\nclass A:\n    keys: list[int]",
        ),
    ),
    Rule(
        "app.settings reads the environment, and app.remote.profiles who calls the service",
        ("app", "db"),
        read_environment,
        ('a = os.environ["A"]', 'a = os.getenv("A")', "run(env=os.environ | {})"),
        ("a = settings.load()",),
        frozenset({"app/remote/profiles.py", "app/settings.py", "app/terraform/environment.py"}),
    ),
]
