"""`reference/settings.md`: every setting with its default, its limits and its name in the environment."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from generators.markdown import code, head, limits, table, type_words
from xiaoer.settings import Settings

_ABOUT = """
A setting has a default. `xiaoer.toml` in the folder where Xiaoer is started goes over the defaults, the environment
goes over `xiaoer.toml`, and an option of the command line goes over both. A value that is not allowed stops the start
with an error that names the setting (`settings.invalid`).

```toml
# xiaoer.toml
port = 8080
data = "/var/lib/xiaoer"

[guard]
messages_per_minute = 30
```

The same in the environment: `XIAOER_PORT=8080`, `XIAOER_DATA=/var/lib/xiaoer`, `XIAOER_GUARD__MESSAGES_PER_MINUTE=30`
(two underscores between the section and the name).
"""


def page() -> str:
    """Make the page."""
    plain = {name: field for name, field in Settings.model_fields.items() if not _is_section(field)}
    parts = [head("Settings", _ABOUT.strip()), "\n## General\n\n", _table(plain, ())]
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            parts += [f"\n## `[{name}]`\n\n{section.__doc__}\n\n", _table(section.model_fields, (name,))]
    return "".join(parts)


def _is_section(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)


def _table(fields: Mapping[str, FieldInfo], section: tuple[str, ...]) -> str:
    columns = ("Setting", "Environment", "Default", "Allowed", "What it is")
    return table(columns, (_row(name, field, section) for name, field in fields.items()))


def _row(name: str, field: FieldInfo, section: tuple[str, ...]) -> tuple[str, ...]:
    variable = "XIAOER_" + "__".join((*section, name)).upper()
    allowed = type_words(field.annotation) + limits(field)
    return f"`{name}`", f"`{variable}`", _default(field.default), allowed, field.description or ""


def _default(value: object) -> str:
    if value is None or value == "":
        return "none"
    return code(value.as_posix() if isinstance(value, Path) else value)
