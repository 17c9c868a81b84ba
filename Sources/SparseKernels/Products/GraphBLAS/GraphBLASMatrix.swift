#if GraphBLAS
  @preconcurrency import CGraphBLAS
  import Foundation
  import TensorCore

  /// Rows of a sparse matrix as a GraphBLAS matrix, transposed: `columns` x `rows`, held by column, so that its columns
  /// are our compressed rows.
  ///
  /// Finished (`GrB_Matrix_wait`) at creation and only read afterwards, which GraphBLAS allows from several threads.
  final class GraphBLASMatrix: @unchecked Sendable {
    let rows: Int
    let columns: Int
    let nnz: Int

    private var handle: GrB_Matrix?

    /// Copies rows `rowRange` of a matrix given by its arrays.
    init(pattern: SparsityPattern, values: [Float], rowRange: Range<Int>) throws(KernelError) {
      try GraphBLASLibrary.start()
      rows = rowRange.count
      columns = pattern.columns
      let first = Int(pattern.rowOffsets[rowRange.lowerBound])
      nnz = Int(pattern.rowOffsets[rowRange.upperBound]) - first

      var (offsets, indices, floats) = (CHeapBlock(), CHeapBlock(), CHeapBlock())
      defer {
        offsets.release()
        indices.release()
        floats.release()
      }
      try offsets.reserve(byteCount: (rows + 1) * MemoryLayout<GrB_Index>.stride)
      try indices.reserve(byteCount: nnz * MemoryLayout<GrB_Index>.stride)
      try floats.reserve(byteCount: nnz * MemoryLayout<Float>.stride)
      var ap = offsets.address?.assumingMemoryBound(to: GrB_Index.self)
      var ai = indices.address?.assumingMemoryBound(to: GrB_Index.self)
      var ax = floats.address
      for row in 0...rows { ap?[row] = GrB_Index(Int(pattern.rowOffsets[rowRange.lowerBound + row]) - first) }
      for entry in 0..<nnz { ai?[entry] = GrB_Index(pattern.columnIndices[first + entry]) }
      for entry in 0..<nnz { ax?.storeBytes(of: values[first + entry], toByteOffset: entry * 4, as: Float.self) }

      try GraphBLASLibrary.check(
        GrB_Matrix_new(&handle, GrB_FP32, GrB_Index(columns), GrB_Index(rows)), "GrB_Matrix_new")
      do throws(KernelError) {
        // Stay in plain compressed columns whatever the density: the fast product wants just that.
        try GraphBLASLibrary.check(
          GxB_Matrix_Option_set_INT32(handle, GxB_SPARSITY_CONTROL, Int32(GxB_SPARSE)), "GxB_Matrix_Option_set")
        try GraphBLASLibrary.check(
          GxB_Matrix_pack_CSC(
            handle, &ap, &ai, &ax, GrB_Index(offsets.byteCount), GrB_Index(indices.byteCount),
            GrB_Index(floats.byteCount), false, false, nil),
          "GxB_Matrix_pack_CSC")
      } catch {
        GrB_Matrix_free(&handle)
        throw error
      }
      // Packed: the arrays are the matrix's now.
      offsets.adopt(nil, byteCount: 0)
      indices.adopt(nil, byteCount: 0)
      floats.adopt(nil, byteCount: 0)
      do throws(KernelError) {
        try GraphBLASLibrary.check(GrB_Matrix_wait(handle, GrB_MATERIALIZE), "GrB_Matrix_wait")
      } catch {
        GrB_Matrix_free(&handle)
        throw error
      }
    }

    deinit {
      GrB_Matrix_free(&handle)
    }

    /// The bytes of the three arrays.
    var byteCount: Int {
      (rows + 1 + nnz) * MemoryLayout<GrB_Index>.stride + nnz * MemoryLayout<Float>.stride
    }

    /// Computes `result += dense * transpose` where all three are held by column, that is, row-major
    /// `result[rows][count] += matrix[rows][columns] * dense[columns][count]`.
    ///
    /// - Parameters:
    ///   - dense: `columns * count` elements; only read.
    ///   - count: the columns of the dense matrices, more than 0.
    ///   - result: a block from the C heap with `rows * count` elements at its start; the block is lent to GraphBLAS and
    ///     comes back, by unpacking, on every path. Should the library have put its result elsewhere, `result` is that
    ///     place afterwards.
    func multiply(dense: UnsafePointer<Float>, count: Int, addingTo result: inout CHeapBlock) throws(KernelError) {
      var descriptor: GrB_Descriptor?
      var (a, c): (GrB_Matrix?, GrB_Matrix?)
      defer {
        GrB_Matrix_free(&a)
        GrB_Matrix_free(&c)
        GrB_Descriptor_free(&descriptor)
      }
      try GraphBLASLibrary.check(GrB_Descriptor_new(&descriptor), "GrB_Descriptor_new")
      try GraphBLASLibrary.check(
        GxB_Desc_set_INT32(descriptor, GxB_DESCRIPTOR_NTHREADS, 1), "GxB_Desc_set")
      try GraphBLASLibrary.check(
        GrB_Matrix_new(&a, GrB_FP32, GrB_Index(count), GrB_Index(columns)), "GrB_Matrix_new")
      try GraphBLASLibrary.check(
        GrB_Matrix_new(&c, GrB_FP32, GrB_Index(count), GrB_Index(rows)), "GrB_Matrix_new")

      var ax: UnsafeMutableRawPointer? = UnsafeMutableRawPointer(mutating: dense)
      try GraphBLASLibrary.check(
        GxB_Matrix_pack_FullC(a, &ax, GrB_Index(count * columns * 4), false, nil), "GxB_Matrix_pack_FullC")
      // Before `a` is freed it must let go of memory that is not the library's, whatever happened in between; if it
      // will not, its header leaks, since freeing it would free the caller's memory.
      defer {
        var size: GrB_Index = 0
        if GxB_Matrix_unpack_FullC(a, &ax, &size, nil, nil) != GrB_SUCCESS { a = nil }
      }
      var cx = result.address
      try GraphBLASLibrary.check(
        GxB_Matrix_pack_FullC(c, &cx, GrB_Index(result.byteCount), false, nil), "GxB_Matrix_pack_FullC")
      result.adopt(nil, byteCount: 0)
      let status = GrB_mxm(c, nil, GrB_PLUS_FP32, GrB_PLUS_TIMES_SEMIRING_FP32, a, handle, descriptor)
      var size: GrB_Index = 0
      let unpackStatus = GxB_Matrix_unpack_FullC(c, &cx, &size, nil, nil)
      if unpackStatus == GrB_SUCCESS { result.adopt(cx, byteCount: Int(size)) }
      try GraphBLASLibrary.check(status, "GrB_mxm")
      try GraphBLASLibrary.check(unpackStatus, "GxB_Matrix_unpack_FullC")
    }
  }
#endif
