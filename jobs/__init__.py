"""What the workers run: thin modules that call one service verb each."""
