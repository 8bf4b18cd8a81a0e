"""One module a version of the store. A published one is never changed: the next one changes it."""
