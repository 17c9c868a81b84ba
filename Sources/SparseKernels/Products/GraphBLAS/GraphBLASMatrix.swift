#if GraphBLAS
  @preconcurrency import CGraphBLAS
  import Foundation
  import TensorCore

  /// Rows of a sparse matrix as GraphBLAS matrices, transposed and held by column, so that their columns are our
  /// compressed rows.
  ///
  /// The columns are cut into blocks, one GraphBLAS matrix each: the product works on panels of 16 rows of the dense
  /// matrix, and a panel of one block stays in L1, where a panel of all columns would not.
  ///
  /// Finished (`GrB_Matrix_wait`) at creation and only read afterwards, which GraphBLAS allows from several threads.
  final class GraphBLASMatrix: @unchecked Sendable {
    let rows: Int
    let columns: Int
    let nnz: Int

    private var blocks: [Block] = []

    private struct Block {
      let columns: Range<Int>
      var handle: GrB_Matrix?
    }

    /// Three quarters of L1 are the panel's; the rest is for the entries and the sums.
    private static let blockColumns = Processor.current.dataCacheByteCount(level: 1) * 3 / 4 / panelBytesPerColumn
    private static let panelBytesPerColumn = 16 * MemoryLayout<Float>.stride

    /// Copies rows `rowRange` of a matrix given by its pattern and values.
    init(pattern: SparsityPattern, values: [Float], rowRange: Range<Int>) throws(KernelError) {
      try GraphBLASLibrary.start()
      rows = rowRange.count
      columns = pattern.columns
      nnz = Int(pattern.rowOffsets[rowRange.upperBound] - pattern.rowOffsets[rowRange.lowerBound])

      let blockCount = max(1, (columns + Self.blockColumns - 1) / Self.blockColumns)
      var cursors = rowRange.map { Int(pattern.rowOffsets[$0]) }
      do throws(KernelError) {
        for block in 0..<blockCount {
          let range = columns * block / blockCount..<columns * (block + 1) / blockCount
          let handle = try Self.pack(
            pattern: pattern, values: values, rowRange: rowRange, columns: range, cursors: &cursors)
          blocks.append(Block(columns: range, handle: handle))
        }
      } catch {
        freeBlocks()
        throw error
      }
    }

    deinit {
      freeBlocks()
    }

    /// The bytes of all blocks' arrays.
    var byteCount: Int {
      (blocks.count * (rows + 1) + nnz) * MemoryLayout<GrB_Index>.stride + nnz * MemoryLayout<Float>.stride
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
      var c: GrB_Matrix?
      defer {
        GrB_Matrix_free(&c)
        GrB_Descriptor_free(&descriptor)
      }
      try GraphBLASLibrary.check(GrB_Descriptor_new(&descriptor), "GrB_Descriptor_new")
      try GraphBLASLibrary.check(GxB_Desc_set_INT32(descriptor, GxB_DESCRIPTOR_NTHREADS, 1), "GxB_Desc_set")
      try GraphBLASLibrary.check(
        GrB_Matrix_new(&c, GrB_FP32, GrB_Index(count), GrB_Index(rows)), "GrB_Matrix_new")

      var cx = result.address
      try GraphBLASLibrary.check(
        GxB_Matrix_pack_FullC(c, &cx, GrB_Index(result.byteCount), false, nil), "GxB_Matrix_pack_FullC")
      result.adopt(nil, byteCount: 0)
      let outcome = Result { () throws(KernelError) in
        for block in blocks {
          try Self.multiply(
            dense: dense + block.columns.lowerBound * count, count: count, by: block, addingTo: c, descriptor)
        }
      }
      var size: GrB_Index = 0
      let unpackStatus = GxB_Matrix_unpack_FullC(c, &cx, &size, nil, nil)
      if unpackStatus == GrB_SUCCESS { result.adopt(cx, byteCount: Int(size)) }
      try outcome.get()
      try GraphBLASLibrary.check(unpackStatus, "GxB_Matrix_unpack_FullC")
    }

    private static func multiply(
      dense: UnsafePointer<Float>, count: Int, by block: Block, addingTo c: GrB_Matrix?, _ descriptor: GrB_Descriptor?
    ) throws(KernelError) {
      var a: GrB_Matrix?
      defer { GrB_Matrix_free(&a) }
      try GraphBLASLibrary.check(
        GrB_Matrix_new(&a, GrB_FP32, GrB_Index(count), GrB_Index(block.columns.count)), "GrB_Matrix_new")
      var ax: UnsafeMutableRawPointer? = UnsafeMutableRawPointer(mutating: dense)
      let byteCount = count * block.columns.count * MemoryLayout<Float>.stride
      try GraphBLASLibrary.check(
        GxB_Matrix_pack_FullC(a, &ax, GrB_Index(byteCount), false, nil), "GxB_Matrix_pack_FullC")
      // Before `a` is freed it must let go of memory that is not the library's, whatever happened in between; if it
      // will not, its header leaks, since freeing it would free the caller's memory.
      defer {
        var size: GrB_Index = 0
        if GxB_Matrix_unpack_FullC(a, &ax, &size, nil, nil) != GrB_SUCCESS { a = nil }
      }
      try GraphBLASLibrary.check(
        GrB_mxm(c, nil, GrB_PLUS_FP32, GrB_PLUS_TIMES_SEMIRING_FP32, a, block.handle, descriptor), "GrB_mxm")
    }

    /// Packs a block of columns.
    ///
    /// - Parameter cursors: for each row, its first entry in the block; afterwards, its first entry behind it.
    private static func pack(
      pattern: SparsityPattern, values: [Float], rowRange: Range<Int>, columns: Range<Int>, cursors: inout [Int]
    ) throws(KernelError) -> GrB_Matrix? {
      let starts = cursors
      for (index, row) in rowRange.enumerated() {
        let end = pattern.entries(ofRow: row).upperBound
        while cursors[index] < end, pattern.columnIndices[cursors[index]] < columns.upperBound { cursors[index] += 1 }
      }
      let nnz = zip(starts, cursors).reduce(0) { $0 + $1.1 - $1.0 }

      var (offsets, indices, floats) = (CHeapBlock(), CHeapBlock(), CHeapBlock())
      defer {
        offsets.release()
        indices.release()
        floats.release()
      }
      try offsets.reserve(byteCount: (rowRange.count + 1) * MemoryLayout<GrB_Index>.stride)
      try indices.reserve(byteCount: nnz * MemoryLayout<GrB_Index>.stride)
      try floats.reserve(byteCount: nnz * MemoryLayout<Float>.stride)
      var ap = offsets.address?.assumingMemoryBound(to: GrB_Index.self)
      var ai = indices.address?.assumingMemoryBound(to: GrB_Index.self)
      var ax = floats.address
      ap?[0] = 0
      var next = 0
      for (index, (start, end)) in zip(starts, cursors).enumerated() {
        for entry in start..<end {
          ai?[next] = GrB_Index(Int(pattern.columnIndices[entry]) - columns.lowerBound)
          ax?.storeBytes(of: values[entry], toByteOffset: next * MemoryLayout<Float>.stride, as: Float.self)
          next += 1
        }
        ap?[index + 1] = GrB_Index(next)
      }

      var handle: GrB_Matrix?
      try GraphBLASLibrary.check(
        GrB_Matrix_new(&handle, GrB_FP32, GrB_Index(columns.count), GrB_Index(rowRange.count)), "GrB_Matrix_new")
      do throws(KernelError) {
        // Stay in plain compressed columns whatever the density: the fast product wants just that.
        try GraphBLASLibrary.check(
          GxB_Matrix_Option_set_INT32(handle, GxB_SPARSITY_CONTROL, Int32(GxB_SPARSE)), "GxB_Matrix_Option_set")
        try GraphBLASLibrary.check(
          GxB_Matrix_pack_CSC(
            handle, &ap, &ai, &ax, GrB_Index(offsets.byteCount), GrB_Index(indices.byteCount),
            GrB_Index(floats.byteCount), false, false, nil),
          "GxB_Matrix_pack_CSC")
        // Packed: the arrays are the matrix's now.
        offsets.adopt(nil, byteCount: 0)
        indices.adopt(nil, byteCount: 0)
        floats.adopt(nil, byteCount: 0)
        try GraphBLASLibrary.check(GrB_Matrix_wait(handle, GrB_MATERIALIZE), "GrB_Matrix_wait")
      } catch {
        GrB_Matrix_free(&handle)
        throw error
      }
      return handle
    }

    private func freeBlocks() {
      for index in blocks.indices { GrB_Matrix_free(&blocks[index].handle) }
      blocks = []
    }
  }
#endif
