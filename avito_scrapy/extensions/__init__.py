"""What watches a run: pace, progress, output files, the last word on how it went."""
