"""The chat element, its demo page, and the pages that show a source."""
