"""Searching items by what somebody typed."""
