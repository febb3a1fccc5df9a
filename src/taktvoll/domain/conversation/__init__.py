"""A conversation: its events, its state folded from them, and the engine that decides the next step."""
