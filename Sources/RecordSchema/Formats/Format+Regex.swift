extension Format {
  static func isRegularExpression(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    false
  }
}
