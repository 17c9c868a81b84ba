import Optimizers
import Testing

struct ParameterFilterTests {
  @Test func aTextPicksOutNamesAtAComponentsStart() {
    let filter = ParameterFilter(excluding: ["bias", "bn", "layers.1."])
    for name in ["bias", "conv1.bias", "bn1.weight", "block.bn2.bias", "layers.1.weight", "net.layers.1.weight"] {
      #expect(!filter.includes(name), "\(name)")
    }
    for name in ["weight", "subnet.weight", "unbiased", "layers.10.weight", "conv1.weight", "", "."] {
      #expect(filter.includes(name), "\(name)")
    }
    #expect(ParameterFilter.all.includes("conv1.bias"))
    #expect(!ParameterFilter.exceptBiasAndNorm.includes("stem.batchNorm.scale"))
    #expect(!ParameterFilter.exceptBiasAndNorm.includes("stem.norm1.weight"))
    #expect(ParameterFilter.exceptBiasAndNorm.includes("stem.conv.weight"))
  }

  @Test func weightDecayAppliesToWhatTheFilterIncludes() {
    func decayed(_ optimizer: some Optimizer, _ name: String) -> Float {
      var optimizer = optimizer
      var values: [Float] = [2]
      optimizer.step(name, &values, [0], rate: 0.5)
      return values[0]
    }
    let filter = ParameterFilter.exceptBiasAndNorm
    let optimizers: [any Optimizer] = [
      SGD(weightDecay: 0.25, decayFilter: filter), SGD(momentum: 0.5, weightDecay: 0.25, decayFilter: filter),
      Adam(weightDecay: 0.25, decayFilter: filter), AdamW(weightDecay: 0.25, decayFilter: filter),
      RMSprop(weightDecay: 0.25, decayFilter: filter), Adagrad(weightDecay: 0.25, decayFilter: filter),
    ]
    for optimizer in optimizers {
      #expect(decayed(optimizer, "conv.weight") < 2, "\(type(of: optimizer))")
      #expect(decayed(optimizer, "conv.bias") == 2, "\(type(of: optimizer))")
    }
    #expect(decayed(SGD(weightDecay: 0.25, decayFilter: filter), "conv.weight") == 1.75)
    #expect(decayed(AdamW(weightDecay: 0.25, decayFilter: filter), "conv.weight") == 1.75)
  }
}
