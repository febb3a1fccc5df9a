"""What is true: plain values and functions, no I/O, no clock, no chance, no await."""
