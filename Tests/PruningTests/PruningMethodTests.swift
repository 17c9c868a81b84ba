import Pruning
import TensorCore
import Testing

struct PruningMethodTests {
  /// Layers of a small network, dense at first, and their weights.
  private struct Network {
    let shapes: [Shape] = [[4, 3, 3, 3], [8, 4, 3, 3], [5, 8]]
    var weights: [CSRMatrix]

    init() throws {
      var generator = SeededGenerator(seed: 2)
      weights = try shapes.map { shape in
        let count = shape.elementCount
        let pattern = try SparsityPattern(
          mask: [Bool](repeating: true, count: count), rows: shape[0], columns: count / shape[0])
        return try CSRMatrix(pattern: pattern, values: Tensor.random([count], using: &generator).values)
      }
    }

    func layers(_ score: PruningScore) -> [PruningMethod.Layer] {
      zip(shapes, weights).enumerated().map { index, layer in
        let gradient = layer.1.values.map { 0.5 - $0 }
        return PruningMethod.Layer(
          shape: layer.0, pattern: layer.1.pattern,
          scores: score.scores(name: "layer\(index)", values: layer.1.values, gradient: gradient))
      }
    }
  }

  @Test(arguments: [
    PruningMethod.gradualMagnitude(sparsity: 0.9, begin: 2, end: 20, interval: 4),
    .gradualMagnitude(sparsity: 0.9, distribution: .erdosRenyiKernel, begin: 2, end: 20, interval: 4),
    .movement(sparsity: 0.9, begin: 2, end: 20, interval: 4), .snip(sparsity: 0.9, at: 20),
    .random(sparsity: 0.9, seed: 4, at: 20), .magnitude(sparsity: 0.9, distribution: .global, at: 20),
  ])
  func theNetworkReachesTheSparsityAndOnlyLoses(method: PruningMethod) throws {
    var network = try Network()
    let dense = network.weights
    let positions = dense.reduce(0) { $0 + $1.nnz }
    for step in 0...25 where method.schedule.prunes(at: step) {
      let changes = method.changes(of: network.layers(method.score), at: step)
      for (index, change) in changes.enumerated() {
        expectSound(change, of: network.weights[index])
        #expect(change.grownCount == 0)
        network.weights[index] = change.applied(to: network.weights[index])
      }
      let kept = network.weights.reduce(0) { $0 + $1.nnz }
      let wanted = (1 - method.schedule.sparsity(step: step)) * Double(positions)
      // Each layer's count is rounded.
      #expect(abs(Double(kept) - wanted) <= 1.5, "step \(step): \(kept) kept, expected \(wanted)")
    }
    for (sparse, dense) in zip(network.weights, dense) {
      for entry in sparse.coordinates() { #expect(entry.value == dense[entry.row, entry.column]) }
    }
    // The same once more gives the same masks.
    var again = try Network()
    for step in 0...25 where method.schedule.prunes(at: step) {
      let changes = method.changes(of: again.layers(method.score), at: step)
      again.weights = zip(changes, again.weights).map { $0.applied(to: $1) }
    }
    #expect(again.weights == network.weights)
  }

  @Test func aLayerThatIsSparserAlreadyStaysAsItIs() throws {
    let sparse = try CSRMatrix(Tensor([1, 0, 0, 2] as [Float], shape: [2, 2]))
    let layer = PruningMethod.Layer(shape: [2, 2], pattern: sparse.pattern, scores: [1, 2])
    for distribution in [SparsityDistribution.uniform, .global] {
      let method = PruningMethod.magnitude(sparsity: 0.25, distribution: distribution)
      #expect(method.changes(of: [layer], at: 0)[0].pattern == sparse.pattern)
    }
  }

  @Test func scoresAreTheirFormulas() {
    let values: [Float] = [1, -2, 0, 3]
    let gradient: [Float] = [-1, -0.5, 7, .nan]
    #expect(PruningScore.magnitude.scores(name: "", values: values) == [1, 2, 0, 3])
    let sensitivity = PruningScore.sensitivity.scores(name: "", values: values, gradient: gradient)
    #expect(sensitivity.prefix(3) == [1, 1, 0] && sensitivity[3].isNaN)
    let movement = PruningScore.movement.scores(name: "", values: values, gradient: gradient)
    #expect(movement.prefix(3) == [1, -1, 0] && movement[3].isNaN)
    let random = PruningScore.random(seed: 1)
    #expect(random.scores(name: "a", values: values) == random.scores(name: "a", values: [0, 0, 0, 0]))
    #expect(random.scores(name: "a", values: values) != random.scores(name: "b", values: values))
    #expect(
      random.scores(name: "a", values: values) != PruningScore.random(seed: 2).scores(name: "a", values: values))
  }

  @Test func movementsAddUpAndFollowThePattern() throws {
    var scores = MovementScores()
    scores.accumulate("layer", values: [1, 2, 3], gradient: [-1, 1, 0])
    scores.accumulate("layer", values: [2, 2, 3], gradient: [-1, 1, -1])
    #expect(scores.sums == ["layer": [3, -4, 3]])
    let pattern = try SparsityPattern(mask: [true, true, true], rows: 1, columns: 3)
    let change = PruningMask.unstructured.change(of: pattern, scores: scores.sums["layer"] ?? [], keeping: 2)
    scores.patternChanged("layer", change)
    scores.patternChanged("another", change)
    #expect(scores.sums == ["layer": [3, 3]])
  }

  @Test func aTicketIsRewoundToWhatWasRecorded() throws {
    let early = try CSRMatrix(Tensor([1, 2, 0, 4, 0, 6, 7, 8, 0] as [Float], shape: [3, 3]))
    var ticket = LotteryTicket()
    ticket.record("layer", early)
    // Some of what was stored, a position that was not, an empty row.
    let pattern = try SparsityPattern(
      mask: [false, true, false, false, false, false, true, false, true], rows: 3, columns: 3)
    let rewound = ticket.rewound("layer", to: pattern)
    #expect(rewound.pattern == pattern)
    #expect(rewound.values == [2, 7, 0])
    #expect(ticket.rewound("layer", to: early.pattern) == early)
    ticket.record("layer", rewound)
    #expect(ticket.recorded == ["layer": rewound])
  }
}
