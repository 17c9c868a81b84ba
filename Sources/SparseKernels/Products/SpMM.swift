import TensorCore

/// A library's product of a sparse matrix with a dense one.
public protocol SpMMProduct: Sendable {
  /// What tests and benchmarks call this product.
  var name: String { get }

  /// Converts a matrix to the library's form, for repeated use.
  ///
  /// - Complexity: O(rows + nnz).
  /// - Throws: ``KernelError`` if the library fails.
  func prepare(_ matrix: CSRMatrix) throws -> any PreparedSpMM
}

/// A sparse matrix in a library's own form, ready to multiply. May be used from several threads at once, each with a
/// ``ComputeContext`` of its own.
public protocol PreparedSpMM: Sendable {
  /// The rows of the sparse matrix.
  var rows: Int { get }
  /// The columns of the sparse matrix.
  var columns: Int { get }

  /// Computes on raw memory; callers use ``multiply(_:into:context:)``, which checks shapes.
  ///
  /// - Parameters:
  ///   - dense: `columns` x `count`, row-major.
  ///   - count: the columns of the dense matrices, more than 0.
  ///   - output: `rows` x `count`, row-major; written, never read.
  ///   - context: threads and scratch memory.
  func multiply(
    _ dense: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws
}

extension PreparedSpMM {
  /// Computes `output = matrix * dense`. A position that is not stored contributes nothing, even against an infinity.
  ///
  /// - Parameters:
  ///   - dense: `[columns, n]`.
  ///   - output: `[rows, n]`; its former contents do not matter.
  ///   - context: threads and scratch memory.
  /// - Precondition: the shapes agree.
  /// - Complexity: O(nnz * n), plus O((rows + columns) * n) where the library wants another layout or precision.
  /// - Throws: ``KernelError`` if the library fails.
  public func multiply(_ dense: Tensor, into output: inout Tensor, context: ComputeContext) throws {
    precondition(
      dense.shape.rank == 2 && dense.shape[0] == columns && output.shape == [rows, dense.shape[1]],
      "SpMM: \(rows) x \(columns) times \(dense.shape) into \(output.shape), expected [\(columns), n] into [\(rows), n]"
    )
    let count = dense.shape[1]
    if count == 0 || rows == 0 { return }
    if columns == 0 {
      output = Tensor(zeros: output.shape)
      return
    }
    try dense.withUnsafeBufferPointer { source in
      try output.withUnsafeMutableBufferPointer { destination in
        guard let source = source.baseAddress, let destination = destination.baseAddress else { return }
        try multiply(source, count: count, into: destination, context: context)
      }
    }
  }
}

/// Every sparse product of this build.
public enum SpMMProductList {
  /// The products.
  public static let all: [any SpMMProduct] = {
    var products: [any SpMMProduct] = []
    #if CHOLMOD
      products.append(CHOLMODSpMM())
    #endif
    products.append(CXSparseSpMM())
    #if GraphBLAS
      products.append(GraphBLASSpMM())
    #endif
    return products
  }()
}
