"""The forms in which users have data: one file a form, each gives samples and what is wrong with its rows."""
