"""Measurements: each module prints a table and writes JSON; nothing here is a test."""
