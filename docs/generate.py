"""Write the reference pages from the code: `python docs/generate.py`.

With names only those pages; with `--check` nothing is written, and the exit status is 1 when a page is stale.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from generators import actions, commands, errors, events, http, pack_format, settings, shop_api, shop_data

REFERENCE = Path(__file__).parent / "reference"
PAGES: Mapping[str, Callable[[], str]] = {
    "settings": settings.page,
    "commands": commands.page,
    "pack-format": pack_format.page,
    "actions": actions.page,
    "events": events.page,
    "errors": errors.page,
    "http": http.page,
    "shop-api.yaml": shop_api.page,
    "shop-data": shop_data.page,
}


def main() -> int:
    """Make the pages that were asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"one of: {', '.join(PAGES)}")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.pages if name not in PAGES]
    if unknown:
        parser.error(f"no such page: {', '.join(unknown)}")
    names = arguments.pages or list(PAGES)
    stale = [name for name in names if not _is_fresh(name)]
    for name in stale:
        if not arguments.check:
            _path(name).write_text(PAGES[name](), encoding="utf-8")
        print(f"{'stale' if arguments.check else 'written'}: {_path(name)}")
    return 1 if stale and arguments.check else 0


def _is_fresh(name: str) -> bool:
    return _path(name).is_file() and _path(name).read_text(encoding="utf-8") == PAGES[name]()


def _path(name: str) -> Path:
    return REFERENCE / (name if "." in name else f"{name}.md")


if __name__ == "__main__":
    sys.exit(main())
