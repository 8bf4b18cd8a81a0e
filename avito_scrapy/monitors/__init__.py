"""Health of a run, on Spidermon: figures and thresholds, health.json, notifications."""
