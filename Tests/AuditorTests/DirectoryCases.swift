import Auditor
import Cryptography
import RecordModel
import TransparencyLog

/// What can be done to directories and to the files beside the logs.
enum DirectoryCases {
  static let all: [AuditCase] = [
    AuditCase(
      name: "a later directory is a stranger's", kind: .directoryChain, place: .directories,
      index: 1
    ) { source, _ in
      let stranger = try SampleWorld()
      source.notes[1] = try DirectoryDraft(stranger.contents).sign(with: [stranger.authorityKey])
        .encoded
    },
    AuditCase(
      name: "a directory was changed under its version", kind: .directoryChain,
      place: .directories, index: 1
    ) { source, world in
      var contents = world.contents
      contents.policy = DirectoryPolicy(allow: [])
      source.notes[1] = try DirectoryDraft(contents).sign(with: [world.authorityKey]).encoded
    },
    AuditCase(
      name: "a file of an export is damaged", kind: .exportFile, place: .out, index: 2
    ) { source, _ in
      source.damagedFiles = [
        AuditFault(
          origin: source.held[0].channel.origin.description, index: 2,
          detail: FindingDetail("cut short", zh: "被截短"))
      ]
    },
    AuditCase(
      name: "a file of an export that belongs to no log is damaged", kind: .exportFile,
      place: .directories, index: nil
    ) { source, _ in
      source.damagedFiles = [
        AuditFault(origin: nil, index: nil, detail: FindingDetail("cut short", zh: "被截短"))
      ]
    },
    AuditCase(
      name: "there is no directory", kind: .directoryMissing, place: .directories, index: nil,
      also: [
        .checkpointSignature, .receiptSignature, .headerDirectory, .journalCheckpoint,
        .checkpointMissing, .receiptMissing,
      ]
    ) { source, _ in source.notes = [] },
    AuditCase(
      name: "a trust anchor is no certificate", kind: .directoryCertificate, place: .directories,
      index: 0,
      world: History {
        var world = try SampleWorld.usual()
        world.contents.nodes[world.parties[0].code]?.tlsAnchors = [
          "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
        ]
        return world
      }),
    AuditCase(
      name: "a trust anchor is of another century", kind: .directoryCertificate,
      place: .directories, index: 0,
      also: [.policyDenied]
    ) { source, world in
      var contents = world.contents
      contents.notAfter = Timestamp(milliseconds: 946_684_800_000)
      contents.notBefore = contents.notAfter.advanced(byMilliseconds: -1000)
      source.notes = [try DirectoryDraft(contents).sign(with: [world.authorityKey]).encoded]
    },
    AuditCase(
      name: "the clocks file is missing", kind: .directoryFile, place: .directories, index: 0,
      world: clocked
    ) { source, _ in source.files = [:] },
    AuditCase(
      name: "the clocks file is another", kind: .directoryFile, place: .directories, index: 0,
      world: clocked
    ) { source, _ in source.files = [SampleWorld.suite.digest(clocks): [0x20]] },
  ]

  private static let clocks = Array("{}".utf8)

  private static let clocked = History {
    var world = try SampleWorld.usual()
    world.contents.clocks = SampleWorld.suite.digest(clocks)
    return world
  }
}
