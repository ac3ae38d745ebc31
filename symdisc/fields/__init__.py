"""Vector fields: libraries of functions, fields written in them, flows, brackets and invariants."""
