import CMicroKernels

/// The SpMM micro-kernels of one instruction set.
///
/// Unchecked because the table holds C functions and names, which never change.
struct SpMMKernels: TileKernels, @unchecked Sendable {
  static let current = findCurrent()

  let isa: InstructionSet
  let lanes: Int
  private var kernels = TileTable<snn_spmm_kernel>(mostColumns: SNN_SPMM_VECTORS)

  init?(isa: InstructionSet) {
    var count = 0
    let all = UnsafeBufferPointer(start: snn_f32_spmm_kernels(&count), count: count).filter { $0.isa == isa.isa }
    guard let first = all.first else { return nil }
    self.isa = isa
    lanes = Int(first.lanes)
    for kernel in all { kernels[Int32(kernel.rows), Int32(kernel.columns)] = kernel }
  }

  /// The micro-kernel of a tile's size.
  func kernel(rows: Int32, columns: Int32) -> snn_spmm_kernel {
    guard let kernel = kernels[rows, columns] else {
      preconditionFailure("SpMMKernels: no micro-kernel for a tile of \(rows)x\(columns) vectors")
    }
    return kernel
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
