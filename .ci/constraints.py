"""Write constraints.txt: the exact versions, installed here, of all that running and testing voicesim needs.

Run it with ``make constraints`` after an update. Names and versions only: no addresses, no editable lines.
"""

from pathlib import Path

from packages import needed

HEAD = """\
# Exact versions of everything that running and testing voicesim installs, made by `make constraints`.
"""


def main() -> None:
    """Write the file."""
    lines = [f"{name}=={package.version}\n" for name, package in needed("dev").items()]
    target = Path(__file__).parent.parent / "constraints.txt"
    target.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{target.name}: {len(lines)} packages")


if __name__ == "__main__":
    main()
