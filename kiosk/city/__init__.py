"""What a signed-in person does. Filled by later issues."""
