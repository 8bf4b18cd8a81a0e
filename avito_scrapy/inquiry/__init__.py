"""What the resumes spider asks with: requests, the index, money, and what need not be asked."""
