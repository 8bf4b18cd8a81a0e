"""The messenger page: coroutines over a Playwright page and the script that runs inside it."""
