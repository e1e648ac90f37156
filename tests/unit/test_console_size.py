"""What the console's first page loads: it stays small, compressed as it is sent."""

import gzip
import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "app" / "static"
PAGE = STATIC / "console" / "index.html"
BUDGET = 250_000

# Links of the page, and what a script needs before it runs; `import("…")` waits until it is asked.
ADDRESS = re.compile(r'(?:src|href)="/static/(assets/[^"]+)"')
IMPORT = re.compile(r'(?:from|import)"\./([^"]+\.js)"')


def first_files() -> set[Path]:
    """Return the files that are read before the list of application users is drawn."""
    found: set[Path] = {PAGE}
    waiting = [STATIC / name for name in ADDRESS.findall(PAGE.read_text(encoding="utf-8"))]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.suffix == ".js":
            text = path.read_text(encoding="utf-8")
            waiting += [path.parent / name for name in IMPORT.findall(text)]
    return found


def test_the_first_page_is_small() -> None:
    files = first_files()
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}
    assert sum(sizes.values()) < BUDGET, sizes
    # The control: the script, its styles and the list's own texts are among what was added up.
    assert {path.suffix for path in files} >= {".html", ".js", ".css"}
    scripts = "".join(path.read_text("utf-8") for path in files if path.suffix == ".js")
    assert "An application user is a member of your organization" in scripts
