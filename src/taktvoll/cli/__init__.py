"""The command line: each command parses its arguments, calls one flow and prints the outcome."""
