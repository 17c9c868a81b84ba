import CMicroKernels

/// The micro-kernels of one instruction set for tiles of all sizes.
protocol TileKernels: Sendable {
  /// Those that may run here, widest vectors first: small images fill narrow ones better.
  static var current: [Self] { get }

  /// Floats of a vector.
  var lanes: Int { get }

  /// Nil if this build has none for the set.
  init?(isa: InstructionSet)
}

extension TileKernels {
  /// What ``current`` is to hold: plain C only where there is nothing else.
  static func findCurrent() -> [Self] {
    let sets = InstructionSet.current.included.reversed()
    let vectorised = sets.filter { $0 > .scalar }.compactMap(Self.init(isa:))
    return vectorised.isEmpty ? sets.compactMap(Self.init(isa:)) : vectorised
  }

  /// The floats that vectors may have here, most first.
  static var laneCounts: [Int] { current.map(\.lanes) }

  /// The micro-kernels with vectors of so many floats.
  ///
  /// - Precondition: `lanes` is one of ``laneCounts``.
  static func with(lanes: Int) -> Self {
    guard let kernels = current.first(where: { $0.lanes == lanes }) else {
      preconditionFailure("\(Self.self): no micro-kernels with \(lanes) lanes, expected one of \(laneCounts)")
    }
    return kernels
  }
}

/// Something for each size of tile.
struct TileTable<Element> {
  private let mostColumns: Int
  private var elements: [Element?]

  /// Without anything.
  init(mostColumns: Int) {
    self.mostColumns = mostColumns
    elements = Array(repeating: nil, count: (TileCut.mostRows + 1) * (mostColumns + 1))
  }

  subscript(rows: Int32, columns: Int32) -> Element? {
    get { elements[Int(rows) * (mostColumns + 1) + Int(columns)] }
    set { elements[Int(rows) * (mostColumns + 1) + Int(columns)] = newValue }
  }
}
