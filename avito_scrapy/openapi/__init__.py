"""``avito.yaml``: what the project relies on of Avito (docs/contract.md)."""
