"""The laboratory without a window: mathematics, settings, training and measurement."""
