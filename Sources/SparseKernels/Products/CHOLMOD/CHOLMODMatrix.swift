#if CHOLMOD
  import CCHOLMOD
  import TensorCore

  /// A sparse matrix that CHOLMOD's `cholmod_sdmult` multiplies, in double precision.
  ///
  /// The compressed rows of a matrix are the compressed columns of its transpose, so the arrays are CHOLMOD's as they
  /// stand, and the product is asked for with `transpose = 1`.
  struct CHOLMODMatrix: InterleavedProduct {
    let rows: Int
    let columns: Int
    /// Compressed rows; the columns of a row may be in any order.
    var entries: CompressedDoubles

    func multiply(
      _ input: UnsafePointer<Double>, columnStride: Int, count: Int, into output: UnsafeMutablePointer<Double>
    ) throws {
      // One cholmod_common per call: starting one only fills in defaults, and no two threads ever share it.
      var common = cholmod_common()
      guard cholmod_start(&common) == 1 else { throw Self.failure("cholmod_start", common) }
      defer { cholmod_finish(&common) }
      common.print = 0

      try entries.offsets.withUnsafeBufferPointer { offsets in
        try entries.indices.withUnsafeBufferPointer { indices in
          try entries.values.withUnsafeBufferPointer { values in
            var matrix = cholmod_sparse()
            matrix.nrow = columns
            matrix.ncol = rows
            matrix.nzmax = values.count
            matrix.p = UnsafeMutableRawPointer(mutating: offsets.baseAddress)
            // An empty array may have no address, which CHOLMOD would refuse; the offsets' is as good as any.
            matrix.i = UnsafeMutableRawPointer(mutating: indices.baseAddress ?? offsets.baseAddress)
            matrix.x = values.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) } ?? matrix.p
            matrix.itype = CHOLMOD_INT
            matrix.xtype = CHOLMOD_REAL
            matrix.dtype = CHOLMOD_DOUBLE
            matrix.packed = 1

            // The columns of the input may overlap: sdmult only follows the leading dimension.
            var inputs = Self.denseView(UnsafeMutablePointer(mutating: input), columns, count, stride: columnStride)
            var outputs = Self.denseView(output, rows, count, stride: rows)
            var scales = (1.0, 0.0, 0.0, 0.0)  // alpha = 1 and beta = 0, as complex numbers
            let succeeded = withUnsafeMutableBytes(of: &scales) { scales in
              let alpha = scales.assumingMemoryBound(to: Double.self).baseAddress
              return cholmod_sdmult(&matrix, 1, alpha, alpha.map { $0 + 2 }, &inputs, &outputs, &common)
            }
            guard succeeded == 1 else { throw Self.failure("cholmod_sdmult", common) }
          }
        }
      }
    }

    private static func denseView(
      _ elements: UnsafeMutablePointer<Double>, _ rows: Int, _ columns: Int, stride: Int
    ) -> cholmod_dense {
      var view = cholmod_dense()
      view.nrow = rows
      view.ncol = columns
      view.nzmax = (columns - 1) * stride + rows
      view.d = stride
      view.x = UnsafeMutableRawPointer(elements)
      view.xtype = CHOLMOD_REAL
      view.dtype = CHOLMOD_DOUBLE
      return view
    }

    private static func failure(_ function: String, _ common: cholmod_common) -> KernelError {
      let meanings = [
        CHOLMOD_NOT_INSTALLED: "method not installed", CHOLMOD_OUT_OF_MEMORY: "out of memory",
        CHOLMOD_TOO_LARGE: "integer overflow", CHOLMOD_INVALID: "invalid input",
      ]
      return .library(
        "CHOLMOD", function: function, status: Int(common.status), meaning: meanings[common.status] ?? "unknown status")
    }
  }

  /// `cholmod_sdmult`, in double precision; GPL-2.0-or-later (the trait `CHOLMOD`).
  ///
  /// Chen, Davis, Hager and Rajamanickam, "Algorithm 887: CHOLMOD", ACM TOMS 35(3), 2008,
  /// <https://doi.org/10.1145/1391989.1391995>.
  public struct CHOLMODSpMM: SpMMProduct {
    /// `cholmod`.
    public let name = "cholmod"

    /// Creates the product.
    public init() {}

    /// Widens the values; the index arrays are used as they are.
    public func prepare(_ matrix: CSRMatrix) throws -> any PreparedSpMM {
      ChannelsLastSpMM(
        product: CHOLMODMatrix(
          rows: matrix.rows, columns: matrix.columns,
          entries: CompressedDoubles(
            offsets: matrix.rowOffsets, indices: matrix.columnIndices, values: matrix.values.map(Double.init))))
    }
  }
#endif
