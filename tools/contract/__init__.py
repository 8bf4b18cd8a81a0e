"""What the project relies on of Avito, compared with the documents that Avito publishes."""
