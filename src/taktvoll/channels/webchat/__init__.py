"""Web chat: the widget's API; self-contained as every channel."""
