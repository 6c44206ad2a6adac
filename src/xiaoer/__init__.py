"""Xiaoer: AI customer service for online shops, Chinese first and English second."""

__version__ = "0.1.0"
