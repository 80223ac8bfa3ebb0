"""The engine: networks, training and measurement; the only importer of TensorFlow."""
