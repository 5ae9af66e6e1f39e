"""What figures share: styles, legends, PNG files, and the stage of an animation."""
