import ArgumentParser

/// The developers' command that writes whatever is made from `schemas/`.
@main
struct SchemaCodegen: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema-codegen",
    abstract: "Writes the sources and documents that are made from schemas/.",
    discussion: """
      Reads schemas/ and writes the documents that the programs carry, the Swift types of the
      payloads, and the field reference. Files in the generated folders that nothing makes any
      more are removed.
      """)

  @Flag(help: "Write nothing; name what is not current and exit with 1.")
  var check = false

  @Option(help: "The repository's root.")
  var root = "."

  func run() throws {
    let repository = WorkingTree(root: root)
    let files = try Generator.files(
      from: try repository.schemaSources(), clocks: try repository.clockSources())
    let stale = try repository.stale(comparedWith: files)
    if check {
      for path in stale { print("not current: \(path)") }
      if !stale.isEmpty { throw ExitCode(1) }
    } else {
      try repository.write(files, over: stale)
      for path in stale { print("written: \(path)") }
    }
  }
}
