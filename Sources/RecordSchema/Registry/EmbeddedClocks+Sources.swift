extension SchemaSource {
  /// The clocks file and the calendars that come with this version of the program, as they stand
  /// under schemas/. They are no schemas.
  public static var builtInClocks: [SchemaSource] {
    EmbeddedClocks.documents.map { document in
      SchemaSource(
        path: document.path, bytes: document.text.withUTF8Buffer { Array($0) })
    }
  }
}
