"""What results are good for: equations of motion and forecasts."""
