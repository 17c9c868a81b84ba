/// A run of floats on a 64-byte boundary, allocated once: what a ``Parameter`` or a ``Buffer`` holds.
struct FloatRun {
  let elements: UnsafeMutableBufferPointer<Float>

  init(zeros count: Int) {
    let block = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
    elements = UnsafeMutableBufferPointer(start: block.bindMemory(to: Float.self, capacity: count), count: count)
    elements.initialize(repeating: 0)
  }

  init(_ values: some Collection<Float>) {
    self.init(zeros: values.count)
    _ = elements.update(fromContentsOf: values)
  }

  func deallocate() { UnsafeMutableRawPointer(elements.baseAddress)?.deallocate() }
}
