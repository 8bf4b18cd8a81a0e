"""The pages, in NiceGUI. Whatever comes from people is given to elements as text only."""
