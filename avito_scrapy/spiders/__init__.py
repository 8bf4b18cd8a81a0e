"""The order in which things are asked for, and nothing else."""
