"""The engine: runs the stages of a method for an ensemble of seeds at once."""
