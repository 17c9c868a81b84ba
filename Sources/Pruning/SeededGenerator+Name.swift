import TensorCore

extension SeededGenerator {
  /// Random numbers that belong to a layer and a step: whatever other layers take, and wherever training was resumed,
  /// these are the same.
  init(seed: UInt64, name: String, step: Int) {
    // FNV-1a, since `Hasher` differs from process to process.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var mixer = SeededGenerator(seed: seed ^ hash)
    self.init(seed: mixer.next() &+ UInt64(bitPattern: Int64(step)))
  }
}
