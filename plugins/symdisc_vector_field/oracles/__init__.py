"""Oracles: functions F that characterise data."""
