"""How a verdict is said: on a terminal, as plain text, as JSON. Draws what it is given and asks nothing."""
