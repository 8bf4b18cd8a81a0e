"""A local Avito for tests, demonstrations and hands-on use.

`Sandbox(Scenario(...))` serves the web messenger and the API on loopback; `docs/sandbox.md`
documents every option.
"""

from avito_sandbox.scenario import Scenario
from avito_sandbox.server import Sandbox

__all__ = ["Sandbox", "Scenario"]
