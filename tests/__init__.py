"""The tests: one folder per floor of the house, and tidy/ for the style itself."""
