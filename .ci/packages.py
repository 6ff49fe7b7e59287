"""The installed packages that voicesim needs, as the closure of its requirements here (platform and Python count)."""

from collections.abc import Iterator
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def needed(*extras: str) -> dict[str, Distribution]:
    """Canonical name -> installed distribution, of everything that ``voicesim[extras]`` requires, without itself.

    Raises ``PackageNotFoundError`` if a requirement is not installed.
    """
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    todo = [Requirement(f"voicesim[{','.join(extras)}]")]
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        wanted = {(name, extra) for extra in {"", *requirement.extras}} - seen
        if not wanted:
            continue
        seen |= wanted
        found[name] = distribution(name)
        todo.extend(_requirements(found[name], {extra for _, extra in wanted}))
    del found["voicesim"]
    return dict(sorted(found.items()))


def _requirements(package: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for text in package.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement
