import Glibc

/// The fuzzer's entry: one input for the target that FUZZ_TARGET names.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if let breach = fuzzTarget(bytes) { fatalError(breach) }
  return 0
}

private let fuzzTarget: @Sendable ([UInt8]) -> String? = {
  switch getenv("FUZZ_TARGET").map({ String(cString: $0) }) {
  case "json": return ParserProperties.breach
  case "engine": return EngineProperties.breach
  default: fatalError("FUZZ_TARGET must be json or engine")
  }
}()
