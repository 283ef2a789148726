"""What Besedka does with one core, beside a plain loop on the same machine in the same run."""
