"""The import contracts name every module that there is."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
}
SERVICES = {f"app.{path.stem}" for path in (ROOT / "app").glob("*.py")} - {
    "app.__init__",
    "app.__main__",
}
ROWS = {f"db.{path.stem}" for path in (ROOT / "db").glob("*.py")} - {"db.__init__"}


def test_strawberry_is_kept_out_of_every_service() -> None:
    named = set(CONTRACTS["strawberry only under app.api"]["source_modules"])
    # The command line prints the schema, and so reaches into app.api.
    assert named == SERVICES - {"app.cli"} | {"app.web", "db"}


def test_alembic_is_kept_out_of_all_but_migrations() -> None:
    named = set(CONTRACTS["SQLAlchemy and Alembic only for migrations"]["source_modules"])
    assert named == ROWS - {"db.migrate"} | {"app"}


def test_every_module_has_its_layer() -> None:
    layers = CONTRACTS["Layers: composition roots, outer shapes, services, rows"]["layers"]
    named = {module.strip() for layer in layers for module in layer.split("|")}
    assert named == SERVICES | {"app.api", "app.web", "db"}
