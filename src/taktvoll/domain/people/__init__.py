"""Who works here: staff, roles and what each may do."""
