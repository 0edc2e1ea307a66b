"""One purchase: needs, quotes, selection, contracts. A later room knows the earlier, never the other way round."""
