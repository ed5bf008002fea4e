"""What a process knows of all items: which ones a filter lets through, without asking for each."""
