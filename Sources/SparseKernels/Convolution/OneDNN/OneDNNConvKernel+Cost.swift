#if OneDNN
  import TensorCore

  extension OneDNNConvKernel {
    /// Products that lie inside the image, since oneDNN skips the others, and the changes of layout. Forward only.
    public func cost(_ query: CostQuery) -> ConvCost? {
      if query.pass != .forward { return nil }
      let (problem, rates) = (query.problem, query.rates)
      let blocks = Self.channelBlocks(problem)
      let share = query.share(ofParts: problem.batch * blocks.count)
      let isDepthwise = problem.inputChannelsPerGroup == 1 && problem.outputChannelsPerGroup == 1
      let usesPlanes = OneDNNBlock.usesPlanes(problem)
      let operations = problem.denseOperationCount * problem.insideShare * Self.padding(problem)
      let planes = 4 * Double(problem.batch)
      let inputBytes = planes * Double(problem.inputChannels * problem.inputPixels)
      let outputBytes = planes * Double(problem.outputChannels * problem.outputPixels)
      // A few channels, as those of the colours of an image, are read as planes.
      let isImage = problem.groups == 1 && problem.inputChannels < 4
      let weightBytes = planes * Double(problem.outputChannels * problem.weightsPerOutputChannel)
      let multiplying = share * operations / rates.peakFlops
      let far = share / rates.farBytesPerSecond
      // One thread brings the image of several blocks into their layout.
      let inputRate = (blocks.count > 1 ? 1 : share) / rates.farBytesPerSecond
      let input = usesPlanes || isImage ? 0 : inputRate * inputBytes
      let output = usesPlanes ? 0 : far * outputBytes
      return ConvCost([
        .init("product", idealSeconds: isDepthwise ? 0 : multiplying, factor: 1.04),
        .init("depthwise", idealSeconds: isDepthwise ? multiplying : 0, factor: 1.2),
        .init("inputLayout", idealSeconds: input, factor: 4.3),
        .init("largeInputLayout", idealSeconds: inputBytes > Self.largePlanes ? input : 0, factor: 2.5),
        .init("outputLayout", idealSeconds: output, factor: 5.7),
        .init("largeOutputLayout", idealSeconds: outputBytes > Self.largePlanes ? output : 0, factor: 3.6),
        .init(
          "smallOutputLayout", idealSeconds: problem.outputPixels <= Self.smallPlane ? output : 0, factor: 4.5),
        .init("slowOutput", idealSeconds: usesPlanes ? 0 : far * Self.slowByteCount(problem), factor: 65),
        .init("weights", idealSeconds: far * weightBytes, factor: 0.36),
        .init("image", idealSeconds: share * Double(problem.batch) * 1e-6, factor: 23),
      ])
    }

    /// Bytes from which on planes come from beyond the second-level cache while their layout is changed.
    private static let largePlanes = 2.5 * 1024 * 1024
    /// Pixels up to which a plane's rows and ends weigh more than its middle.
    private static let smallPlane = 56 * 56

    /// How many times the products that there are oneDNN computes: its vectors hold output channels of one group.
    private static func padding(_ problem: ConvProblem) -> Double {
      let (channels, vector) = (problem.outputChannelsPerGroup, 16)
      if problem.inputChannelsPerGroup == 1, channels == 1 { return 1 }
      return Double((channels + vector - 1) / vector * vector) / Double(channels)
    }

    /// Bytes of an image's output that oneDNN 2.6 brings back into planes several times as slowly as others, beyond the first 128 KiB: of
    /// depthwise convolutions with a multiple of 256 channels, those of planes of 4 floats more than whole lines, as 14x14 has. They
    /// crowd a few of the cache's sets.
    private static func slowByteCount(_ problem: ConvProblem) -> Double {
      let isDepthwise = problem.inputChannelsPerGroup == 1
      if !isDepthwise || problem.outputPixels % 16 != 4 || problem.outputChannels % 256 != 0 { return 0 }
      return 4 * Double(problem.batch) * Double(max(0, problem.outputChannels * problem.outputPixels - 32 << 10))
    }
  }

  extension ConvProblem {
    /// The share of products whose input is inside the image.
    fileprivate var insideShare: Double {
      func share(_ axis: ConvAxis, padding: Int, outputs: Int) -> Double {
        var inside = 0
        for tap in 0..<axis.kernel {
          let shift = tap * axis.dilation - padding
          // Outputs from the first whose input is not before the image to the last whose input is not behind it.
          let first = shift >= 0 ? 0 : (-shift + axis.stride - 1) / axis.stride
          let end = axis.input - 1 - shift < 0 ? 0 : (axis.input - 1 - shift) / axis.stride + 1
          inside += max(0, min(end, outputs) - first)
        }
        return Double(inside) / Double(axis.kernel * outputs)
      }
      return share(rowAxis, padding: padding.top, outputs: outputSize.height)
        * share(columnAxis, padding: padding.left, outputs: outputSize.width)
    }
  }
#endif
