"""The scenario: one frozen value that says how the sandbox behaves."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from avito_sandbox.options_api import ApiOptions
from avito_sandbox.options_data import DataOptions
from avito_sandbox.options_web import WebOptions


class Scenario(DataOptions, WebOptions, ApiOptions):
    """Every behaviour of the sandbox, each an option with a default.

    The defaults are a well-behaved Avito. `model_validate_json` reads a scenario from a file;
    an unknown option is an error.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )


def field_docs(model: type[BaseModel] = Scenario) -> dict[str, str]:
    """Name and description of every option."""
    return {name: field.description or "" for name, field in model.model_fields.items()}
