"""What a person typed becomes clean values. Built from a definition, never from a model."""
