import CMicroKernels
import Testing

/// A function of the table of f32_sddmm.
struct SDDMMVariant: Sendable, CustomTestStringConvertible {
  let name: String
  let size: SpMMTileSize
  private let index: Int

  /// Every line of the table that this processor can run.
  static var runnable: [SDDMMVariant] { table.filter { $0.kernel.isa.rawValue <= snn_cpu_isa().rawValue } }

  /// The others.
  static var unrunnable: [SDDMMVariant] { table.filter { $0.kernel.isa.rawValue > snn_cpu_isa().rawValue } }

  /// Every line of the table, in its order.
  static var table: [SDDMMVariant] {
    var count = 0
    let kernels = snn_f32_sddmm_kernels(&count)
    return UnsafeBufferPointer(start: kernels, count: count).enumerated().map { index, kernel in
      SDDMMVariant(
        name: String(cString: kernel.name),
        size: SpMMTileSize(
          lanes: SNN_LANES, rows: Int(kernel.rows), columns: Int(kernel.columns), tail: nil, isPadded: false),
        index: index)
    }
  }

  var testDescription: String { name }

  /// The line itself.
  var kernel: snn_sddmm_kernel {
    var count = 0
    return UnsafeBufferPointer(start: snn_f32_sddmm_kernels(&count), count: count)[index]
  }
}
