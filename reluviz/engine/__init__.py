"""The training loop, its thread and its messages."""
