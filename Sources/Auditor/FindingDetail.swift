/// What more there is to say of something that is wrong, in both languages: places, rule names and error
/// codes, never values.
public struct FindingDetail: Hashable, Sendable {
  /// In English.
  public var en: String
  /// In Chinese.
  public var zh: String

  /// A detail in both languages; one of names and codes alone is the same in both.
  public init(_ en: String = "", zh: String? = nil) {
    self.en = en
    self.zh = zh ?? en
  }

  /// The same, of something that has a name.
  func of(_ name: String) -> Self { Self("\(name): \(en)", zh: "\(name)：\(zh)") }

  /// A signature's key is nobody's.
  static let unknownKey = Self("by a key that is in no directory", zh: "所用密钥不在任何名录中")

  /// A signature's key was not valid when it signed.
  static let keyNotValid = Self("by a key not valid at its time", zh: "所用密钥当时无效")

  /// What a node says of itself, behind another detail.
  static let restoring = Self(
    "; the node says that it is coming back from a copy", zh: "；节点称正由旧副本恢复")

  /// There is no such file.
  static func missing(_ name: String) -> Self {
    Self("\(name) is missing", zh: "\(name) 缺失")
  }

  /// The file is not the one whose digest it is called by.
  static func other(_ name: String) -> Self {
    Self("\(name) is not what its name says", zh: "\(name) 内容与名称不符")
  }

  /// The file is longer than it may be.
  static func tooLong(_ name: String) -> Self {
    Self("\(name) is too long", zh: "\(name) 过长")
  }

  /// A bundle has fewer things than its name says.
  static func short(_ name: String, after count: Int) -> Self {
    Self("\(name) ends after the first \(count)", zh: "\(name) 仅含前 \(count) 项")
  }

  /// A bundle has more bytes than its name says.
  static func surplus(_ name: String) -> Self {
    Self("\(name) has bytes behind its end", zh: "\(name) 末尾有多余字节")
  }

  /// A bundle cannot be read from a place on.
  static func broken(_ name: String) -> Self {
    Self("\(name) is malformed from here on", zh: "\(name) 自此处起无法解析")
  }

  /// There are more heads of one size than can be looked at together.
  static func crowded(_ size: UInt64) -> Self {
    Self("too many heads of size \(size)", zh: "长度 \(size) 的签名头过多")
  }

  /// A file says another thing than the manifest.
  static func disagrees(_ name: String) -> Self {
    Self("\(name) says another size or root than the manifest", zh: "\(name) 的长度或根与清单不符")
  }
}
