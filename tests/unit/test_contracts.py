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


def test_every_module_has_its_layer() -> None:
    layers = CONTRACTS["Layers: composition roots, outer shapes, services, rows"]["layers"]
    named = {module.strip() for layer in layers for module in layer.split("|")}
    packages = {"app.api", "app.client", "app.remote", "app.terraform", "app.web", "db"}
    assert named == SERVICES | packages
