"""The makers of the reference pages: one file a page, each with `page() -> str`."""
