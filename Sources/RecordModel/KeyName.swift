/// The names under which keys sign, as C2SP verifier keys. A record key signs under the origin of
/// the log whose checkpoint it signs: `Origin` and `JournalOrigin` themselves.
public enum KeyName {
  /// The receipt key, with which a node cosigns what it received:
  /// `<federation>/sanxiang/<code>/receipt`.
  public static func receipt(federation: String, code: AgencyCode) -> String {
    "\(federation)/sanxiang/\(code)/receipt"
  }

  /// The witness key, with which a node cosigns its peers' journals:
  /// `<federation>/sanxiang/<code>/witness`.
  public static func witness(federation: String, code: AgencyCode) -> String {
    "\(federation)/sanxiang/\(code)/witness"
  }

  /// A key with which an operator of a node approves a new epoch:
  /// `<federation>/sanxiang/<code>/operator/<label>`.
  public static func `operator`(
    federation: String, code: AgencyCode, label: String
  ) -> String {
    "\(federation)/sanxiang/\(code)/operator/\(label)"
  }

  /// A key of the coordinating authority: `<federation>/sanxiang/authority/<label>`. The convention
  /// of our tools; a directory may name its authority's keys otherwise.
  public static func authority(federation: String, label: String) -> String {
    "\(federation)/sanxiang/authority/\(label)"
  }

  /// The first line of a directory's text: `<federation>/sanxiang/directory`.
  public static func directory(federation: String) -> String {
    "\(federation)/sanxiang/directory"
  }
}
