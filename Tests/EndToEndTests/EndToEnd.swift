import Testing

/// Real `sanxiangd` processes, mutual TLS on loopback, SQLite in a temporary folder, the real command
/// line. One test at a time: each has several processes of its own.
@Suite(.serialized) enum EndToEnd {}
