"""The knowledge graph for agents, by the Model Context Protocol.

`knowledge` answers, without the protocol; `server` is the only module that needs the SDK.
"""
