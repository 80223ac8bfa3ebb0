"""Handing a recorded run on to other tools: tables, TensorBoard, pictures, a report, weights."""
