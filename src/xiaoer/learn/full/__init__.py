"""The full tier: one encoder with heads that are trained together. Everything here needs the extra `train`.

What needs torch is imported when it is called: the command line starts without it.
"""
