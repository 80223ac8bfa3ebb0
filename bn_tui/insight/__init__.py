"""What a stream of events amounts to: pure functions and folds, with no I/O."""
