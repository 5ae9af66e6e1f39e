"""What a result was made from: stated in the result itself, and compared with what it would be made from now."""
