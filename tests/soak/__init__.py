"""The long forms (./dev soak), and the processes and checks that their short forms share."""
