"""taktvoll answers a company's customers at once from what it approved, and lets people take over."""
