import CMicroKernels
import Testing

/// A function of a table of f32_spmm.
struct SpMMVariant: Sendable, CustomTestStringConvertible {
  let name: String
  let lanes: Int
  let rows: Int
  let columns: Int
  private let table: KernelTable<snn_spmm_kernel>
  private let index: Int

  /// Every line of the tables that this processor can run; it can run all that is emulated.
  static var runnable: [SpMMVariant] { all.filter { $0.kernel.isa.rawValue <= snn_cpu_isa().rawValue } }

  /// The others.
  static var unrunnable: [SpMMVariant] { all.filter { $0.kernel.isa.rawValue > snn_cpu_isa().rawValue } }

  /// Every line of the tables, in their order.
  static var all: [SpMMVariant] {
    KernelTable.all.flatMap { table in
      table.kernels.enumerated().map { index, kernel in
        SpMMVariant(
          name: String(cString: kernel.name), lanes: Int(kernel.lanes), rows: Int(kernel.rows),
          columns: Int(kernel.columns), table: table, index: index)
      }
    }
  }

  var testDescription: String { name }

  /// The instruction set as the name has it, emulated or not.
  var instructionSet: Substring { name.dropFirst("snn_f32_spmm_\(rows)x\(columns)_".count) }

  /// The line itself.
  var kernel: snn_spmm_kernel { table.kernels[index] }

  /// Whole vectors, then every tail, without and with padding behind it.
  var tiles: [SpMMTileSize] {
    [size(tail: nil)]
      + [false, true].flatMap { isPadded in (1...lanes).map { size(tail: $0, isPadded: isPadded) } }
  }

  /// The size of the variant's tile with some tail.
  func size(tail: Int?, isPadded: Bool = false) -> SpMMTileSize {
    SpMMTileSize(lanes: lanes, rows: rows, columns: columns, tail: tail, isPadded: isPadded)
  }

  /// Calls `function`, or `tail` or `padded_tail` for a tile that has one.
  func run(
    _ size: SpMMTileSize, _ tile: snn_spmm_tile, _ records: UnsafePointer<snn_spmm_record>, count: Int,
    _ entries: UnsafePointer<snn_spmm_entry>
  ) {
    withUnsafePointer(to: tile) { tile in
      let function = size.tail == nil ? kernel.function : size.isPadded ? kernel.padded_tail : kernel.tail
      function?(tile, records, count, entries)
    }
  }
}

/// How large a tile is.
struct SpMMTileSize: CustomStringConvertible {
  /// Floats of a vector.
  let lanes: Int
  let rows: Int
  let columns: Int
  /// Floats of the last vector; nil for whole vectors.
  let tail: Int?
  /// Whether x has whole vectors even so.
  let isPadded: Bool

  /// Floats of a row.
  var width: Int { lanes * (tail == nil ? columns : columns - 1) + (tail ?? 0) }

  /// Floats of a row of x that are there.
  var readableWidth: Int { isPadded ? lanes * columns : width }

  var description: String {
    "\(rows)x\(columns)" + (tail.map { (isPadded ? " padded" : "") + " tail \($0)" } ?? "")
  }
}
