"""What a set of generators is: spans, agreement between seeds, the name of the group."""
