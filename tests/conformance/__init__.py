"""The W3C SPARQL 1.1 tests, through the endpoint over HTTP and straight through the engine."""
