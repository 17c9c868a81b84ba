import CMicroKernels

/// The micro-kernels of one instruction set, found by the size of their tile.
///
/// Unchecked because the table holds C functions and names, which never change.
struct SpMMKernels: @unchecked Sendable {
  let isa: InstructionSet
  /// Floats of a vector.
  let lanes: Int
  private let functions: [snn_spmm_kernel]

  /// Those that may run here, widest vectors first: small images fill narrow ones better.
  static let current: [SpMMKernels] = {
    let sets = InstructionSet.current.included.reversed()
    let vectorised = sets.filter { $0 > .scalar }.compactMap(SpMMKernels.init(isa:))
    return vectorised.isEmpty ? sets.compactMap(SpMMKernels.init(isa:)) : vectorised
  }()

  /// The floats that vectors may have here, most first.
  static let laneCounts = current.map(\.lanes)

  /// The micro-kernels with vectors of so many floats.
  ///
  /// - Precondition: `lanes` is one of ``laneCounts``.
  static func with(lanes: Int) -> SpMMKernels {
    guard let kernels = current.first(where: { $0.lanes == lanes }) else {
      preconditionFailure("no micro-kernels with \(lanes) lanes, expected one of \(laneCounts)")
    }
    return kernels
  }

  /// Nil if this build has none for the set.
  init?(isa: InstructionSet) {
    var count = 0
    let all = UnsafeBufferPointer(start: snn_f32_spmm_kernels(&count), count: count).filter { $0.isa == isa.isa }
    guard let first = all.first else { return nil }
    self.isa = isa
    lanes = Int(first.lanes)
    let columns = SNN_SPMM_VECTORS
    var table = [snn_spmm_kernel](repeating: snn_spmm_kernel(), count: (TileCut.mostRows + 1) * (columns + 1))
    for kernel in all { table[Int(kernel.rows) * (columns + 1) + Int(kernel.columns)] = kernel }
    functions = table
  }

  /// The micro-kernel of a tile's size.
  func kernel(rows: Int32, columns: Int32) -> snn_spmm_kernel {
    functions[Int(rows) * (SNN_SPMM_VECTORS + 1) + Int(columns)]
  }
}

extension snn_spmm_kernel {
  /// Runs the micro-kernel on one block of records.
  ///
  /// - Parameter window: what to copy first, if anything; see `f32_spmm.h`.
  func run(
    _ place: snn_spmm_tile, window: snn_spmm_window?, records: UnsafePointer<snn_spmm_record>, recordCount: Int,
    entries: UnsafePointer<snn_spmm_entry>
  ) {
    withUnsafePointer(to: place) { place in
      if let window {
        withUnsafePointer(to: self) { kernel in
          withUnsafePointer(to: window) { window in
            snn_f32_spmm_windowed(kernel, place, window, records, recordCount, entries)
          }
        }
      } else if place.pointee.tail < lanes {
        tail(place, records, recordCount, entries)
      } else {
        function(place, records, recordCount, entries)
      }
    }
  }
}

extension snn_spmm_window {
  /// The window of some channels, where this begins with the first of all.
  func channels(_ range: Range<Int>) -> snn_spmm_window {
    var part = self
    part.planes += range.lowerBound * plane_stride
    part.channel_count = range.count
    return part
  }
}
