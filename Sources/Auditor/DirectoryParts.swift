import Cryptography
import RecordModel

/// Checks what verified directories carry or name: the certificates to which nodes' own must lead up,
/// and the files of clocks and calendars.
struct DirectoryParts {
  let source: any AuditSource

  func check(_ directories: inout DirectoryHistory) throws {
    var files: Set<Digest> = []
    for (note, directory) in directories.verified {
      for (code, node) in directory.nodes.sorted(by: { $0.key < $1.key }) {
        for fault in Self.faults(of: node.tlsAnchors, in: directory) {
          directories.add(.directoryCertificate, at: note, fault.of("\(code)"))
        }
      }
      try checkAnchors(of: directory, &files) { name, isHeld in
        directories.add(.exportFile, at: nil, isHeld ? .other(name) : .missing(name))
      }
      guard source.holdsDirectoryFiles else { continue }
      let named = [directory.clocks].compactMap { $0 } + directory.calendars.values
      for digest in named.sorted(by: { $0.description < $1.description })
      where files.insert(digest).inserted {
        let file = try source.directoryFile(digest)
        if file.map({ directory.suite.digest($0) }) == digest { continue }
        directories.add(
          .directoryFile, at: note,
          (file == nil
            ? FindingDetail("not held", zh: "未存有") : FindingDetail("another one", zh: "内容不符"))
            .of("\(digest)"))
      }
    }
  }

  /// The files of the trust anchors, where there are any, against what the directory says.
  private func checkAnchors(
    of directory: FederationDirectory, _ known: inout Set<Digest>,
    wrong: (_ name: String, _ isHeld: Bool) -> Void
  ) throws {
    guard source.holdsTrustAnchors else { return }
    for anchor in ExportNames.anchors(of: directory.contents) {
      let digest = directory.suite.digest(anchor)
      guard known.insert(digest).inserted else { continue }
      let file = try source.trustAnchor(digest)
      if file != anchor { wrong(ExportNames.certificate(digest), file != nil) }
    }
  }

  /// One that cannot be read lets nobody connect; one whose time is wholly outside the directory's
  /// was never good while that was in force.
  private static func faults(of anchors: [String], in directory: FederationDirectory)
    -> [FindingDetail]
  {
    anchors.compactMap { pem in
      guard let certificates = try? Certificate.list(pem: Array(pem.utf8)), !certificates.isEmpty
      else {
        return FindingDetail("a trust anchor is no certificate", zh: "信任锚不是证书")
      }
      let isGood = certificates.contains { certificate in
        certificate.notBefore < directory.notAfter.seconds
          && certificate.notAfter >= directory.notBefore.seconds
      }
      return isGood
        ? nil
        : FindingDetail(
          "a trust anchor is not valid at any time of the directory",
          zh: "信任锚在名录有效期内始终无效")
    }
  }
}
