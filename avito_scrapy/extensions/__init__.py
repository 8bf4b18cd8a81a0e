"""Extensions: store, output files, throttle, progress, drift, health."""
