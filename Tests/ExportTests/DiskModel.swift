import Foundation

@testable import sanxiang

/// A disk that keeps a file's content when told, and of the names in a folder no change until the folder
/// is told: a loss of power then keeps some of the changes and loses others.
///
/// It is told of every step of a run before it is done, and looks at the files for what they hold.
final class DiskModel {
  /// What stands under a name; files by their place among all contents that there ever were.
  enum Item: Hashable { case folder, file(Int) }

  /// One change of the names in a folder.
  enum Change: Hashable {
    case add(String, Item)
    case move(String, to: String)
    case remove(String)

    var isAddition: Bool { if case .remove = self { false } else { true } }
  }

  /// Which changes a loss of power keeps.
  enum Loss: CaseIterable {
    case everything, root, allButRoot, additions, removals, some
  }

  private let path: String
  /// What files hold or held.
  private(set) var contents: [[UInt8]] = []
  /// What no loss of power can take.
  private var settled: [String: Item]
  /// What the running system shows.
  private var shown: [String: Item]
  private var step: (step: ExportFolder.Step, name: String)?
  /// What has changed and is not settled, oldest first.
  private(set) var pending: [(folder: String, change: Change)] = []

  /// Everything that the folder holds is settled.
  init(path: String) throws {
    self.path = path
    (settled, shown) = ([:], [:])
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
      settled[name] = isFolder.boolValue ? .folder : .file(try read(name))
    }
    shown = settled
  }

  /// Takes note of a step that is about to be done; the one before it is done.
  func next(_ step: ExportFolder.Step, _ name: String) throws {
    try finish()
    self.step = (step, name)
  }

  /// The last step is done.
  func finish() throws {
    guard let (step, name) = step else { return }
    self.step = nil
    switch step {
    case .create, .write, .sync: break
    case .makeFolder:
      if !name.isEmpty, shown[name] == nil { note(.add(name, .folder), in: name) }
    case .rename: note(.add(name, .file(try read(name))), in: name)
    case .move: note(.move("export.json", to: name), in: name)
    case .remove: if shown[name] != nil { note(.remove(name), in: name) }
    case .settle:
      for (_, change) in pending.filter({ $0.folder == name }) { Self.apply(change, to: &settled) }
      pending.removeAll { $0.folder == name }
    }
  }

  /// The files that are left when the power goes now, by name; what they hold is among `contents`.
  func left(by loss: Loss, chance: () -> Bool) -> [String: Int] {
    var left = settled
    for (folder, change) in pending where keeps(loss, folder, change, chance) {
      Self.apply(change, to: &left)
    }
    var files: [String: Int] = [:]
    for case (let name, .file(let place)) in left where isReachable(name, in: left) {
      files[name] = place
    }
    return files
  }

  private func keeps(
    _ loss: Loss, _ folder: String, _ change: Change, _ chance: () -> Bool
  ) -> Bool {
    switch (loss, change) {
    case (.everything, _): false
    case (.root, _): folder != "."
    case (.allButRoot, _): folder == "."
    case (.additions, .add), (.removals, .remove): false
    case (.additions, _), (.removals, _): true
    case (.some, _): chance()
    }
  }

  private func isReachable(_ name: String, in left: [String: Item]) -> Bool {
    let parts = name.split(separator: "/")
    return parts.indices.dropFirst().allSatisfy { end in
      left[parts[..<end].joined(separator: "/")] == .folder
    }
  }

  private func note(_ change: Change, in name: String) {
    let folder = name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "."
    pending.append((folder, change))
    Self.apply(change, to: &shown)
  }

  private static func apply(_ change: Change, to items: inout [String: Item]) {
    switch change {
    case .add(let name, let item): items[name] = item
    case .move(let name, let other): items[other] = items.removeValue(forKey: name) ?? items[other]
    case .remove(let name):
      items[name] = nil
      for inner in items.keys.filter({ $0.hasPrefix(name + "/") }) { items[inner] = nil }
    }
  }

  private func read(_ name: String) throws -> Int {
    contents.append(Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)"))))
    return contents.count - 1
  }
}
