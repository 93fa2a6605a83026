"""Pictures of papers become files that officials can read and print. Pure."""
