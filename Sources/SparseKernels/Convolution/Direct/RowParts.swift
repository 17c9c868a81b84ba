/// How rows are shared out between threads where there are few other parts, such as tiles.
///
/// Each part does work that another part of the same tile does too, so there are no more than needed. Sums do not depend on how
/// many there are, since each is made by one thread in an order that the weights fix.
enum RowParts {
  private static let mostBlocks = 32
  /// Among fewer rows, few have as many weights as others.
  private static let leastBlockRows = 32
  /// The least of a block where more blocks are wanted than that gives.
  private static let fewestBlockRows = 8

  /// Into how many blocks rows are cut, between which threads may share them.
  ///
  /// - Parameter wanted: the least number, if each has ``fewestBlockRows`` then.
  static func blockCount(rows: Int, wanted: Int = 1) -> Int {
    max(1, min(wanted, rows / fewestBlockRows), min(mostBlocks, rows / leastBlockRows))
  }

  /// The parts to cut the rows into so that `others` times as many parts come out even, or are many, on `threadCount` threads; at
  /// most `most`.
  static func count(others: Int, threadCount: Int, most: Int) -> Int {
    var parts = 1
    while parts < most, !(others * parts).isMultiple(of: threadCount), others * parts < 4 * threadCount { parts += 1 }
    return parts
  }

  /// Part `index` of `count` of some row blocks.
  static func blocks(_ index: Int, of count: Int, blockCount: Int) -> Range<Int> {
    blockCount * index / count..<blockCount * (index + 1) / count
  }
}
