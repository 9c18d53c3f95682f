import CMalloc
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps an idle daemon small.
enum Memory {
  /// Call first of all. glibc grows the threshold above which a block comes straight from the kernel
  /// with every such block that is freed; unlocking the keys (scrypt, 16 MiB each) would so leave an
  /// arena of that size for good. A threshold that is set stays.
  static func configureAllocator() {
    _ = mallopt(M_MMAP_THRESHOLD, 4 << 20)
    _ = mallopt(M_TRIM_THRESHOLD, 8 << 20)
    _ = mallopt(M_ARENA_MAX, 4)
  }

  /// Call once the node is up. Gives back the pages of program text that only starting needed: clean,
  /// file-backed and executable, so one that is needed again comes back from the page cache.
  static func releaseStartPages() {
    guard let maps = FileManager.default.contents(atPath: "/proc/self/maps") else { return }
    for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      guard fields.count == 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
      let ends = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
      guard ends.count == 2, let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else {
        continue
      }
      // Fails harmlessly: it is advice.
      madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
    }
  }
}
