"""What the company knows: passages, searching them, and how sure the evidence makes us."""
