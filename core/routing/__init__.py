"""Who takes a lead, and why not the others; enter by `choose`."""
