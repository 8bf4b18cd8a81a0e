"""Extensions: store, output files, throttle, progress, health."""
