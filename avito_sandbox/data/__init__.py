"""Seeded, made-up data in the proportions of a real account."""
