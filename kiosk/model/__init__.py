"""The vocabulary of the house: values and Protocols, no behaviour, no I/O."""
