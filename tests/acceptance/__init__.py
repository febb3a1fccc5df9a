"""Acceptance: the installed program as its users meet it, by command, by HTTP and in a real browser."""
