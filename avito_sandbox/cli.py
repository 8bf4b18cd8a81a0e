"""Arguments of `python -m avito_sandbox`: one for every option of the scenario."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import TypeAdapter, ValidationError

from avito_sandbox.scenario import Scenario


class UsageError(Exception):
    """Wrong arguments, told in one line."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def read_arguments(arguments: list[str]) -> tuple[Scenario, int]:
    """The scenario and the port. Raises UsageError."""
    parser = _Parser(
        prog="python -m avito_sandbox", description=Scenario.__doc__, allow_abbrev=False
    )
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--scenario", type=Path, help="a JSON file with options")
    for name, field in Scenario.model_fields.items():
        text = f"{field.description} [{field.get_default(call_default_factory=True)}]"
        option = "--" + name.replace("_", "-")
        parser.add_argument(
            option, f"--{name}", dest=name, metavar="VALUE", help=text.replace("%", "%%")
        )
    told = vars(parser.parse_args(arguments))
    port, file = told.pop("port"), told.pop("scenario")
    options = _from_file(file) if file is not None else {}
    options.update({name: _value(name, raw) for name, raw in told.items() if raw is not None})
    try:
        return Scenario.model_validate(options), port
    except ValidationError as error:
        raise UsageError(_first(error)) from None


def _from_file(path: Path) -> dict[str, Any]:
    try:
        options = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except ValueError:
        raise UsageError(f"{path}: not JSON") from None
    if not isinstance(options, dict):
        raise UsageError(f"{path}: must hold an object")
    return options


def _value(name: str, raw: str) -> Any:
    """The value as the option's type wants it: as it stands, as JSON, as a list, or as nothing."""
    field = Scenario.model_fields[name]
    kind: Any = field.annotation
    for constraint in field.metadata:
        kind = Annotated[kind, constraint]
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    problem: ValidationError | None = None
    for candidate in _readings(raw):
        try:
            return adapter.validate_python(candidate)
        except ValidationError as error:
            problem = problem or error
    assert problem is not None
    raise UsageError(f"--{name}: {problem.errors()[0]['msg']}")


def _readings(raw: str) -> list[Any]:
    readings: list[Any] = [raw]
    try:
        readings.append(json.loads(raw))
    except ValueError:
        readings.append(raw.split(","))
    if raw.lower() in ("none", "null"):
        readings.append(None)
    return readings


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}"
