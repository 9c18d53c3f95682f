extension DirectoryDraft {
  /// Reads a draft's text back: what `text()` gave, before anybody has signed it.
  /// - Throws: `RecordModelError` with a `directory.*` code.
  public init(parsing text: String) throws(RecordModelError) {
    self.init(try DirectoryContents(parsing: text))
  }
}
