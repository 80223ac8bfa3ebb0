"""Data sets by name or folder, as numpy arrays; no TensorFlow."""
