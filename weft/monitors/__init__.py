"""Monitors: what must hold before a release goes live, one file each."""
