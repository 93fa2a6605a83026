"""The encrypted device store: SQLCipher, keys, migrations, search index, outbox."""
