"""The screen: the only room that loads Textual and plotext, and it never loads TensorFlow."""
