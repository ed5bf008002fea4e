"""Lists of similar items: made from who liked what, read by what somebody did of late."""
