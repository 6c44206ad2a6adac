"""The demo shop and the widget in a real browser."""
