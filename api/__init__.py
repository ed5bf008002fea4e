"""Every way in; the only place of wiring."""
