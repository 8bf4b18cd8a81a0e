"""Facts about Avito: chat ids, API endpoints and answers, phones, chat status. No I/O."""
