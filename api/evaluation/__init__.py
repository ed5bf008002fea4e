"""`weft eval`: measuring what is served on what came later."""
