#if OneDNN
  import COneDNN

  /// The layout of a tensor in memory, as oneDNN describes it.
  final class OneDNNDescriptor: @unchecked Sendable {
    let handle: UnsafeRawPointer?

    /// Describes float elements in a named layout; with the tag `any`, oneDNN is to choose it.
    init(_ dimensions: [Int], layout: dnnl_format_tag_t) throws(KernelError) {
      var handle: UnsafeRawPointer?
      let status = snn_dnnl_desc_create(&handle, Int32(dimensions.count), dimensions.map(Int64.init), layout)
      try OneDNNLibrary.check(status, "dnnl_memory_desc")
      self.handle = handle
    }

    deinit { snn_dnnl_desc_destroy(handle) }
  }

  /// A tensor for one call: its layout and where it is.
  struct OneDNNOperand {
    let descriptor: UnsafeRawPointer?
    let data: UnsafeMutableRawPointer
  }

  /// A convolution or a change of layout, compiled by oneDNN for given layouts. Immutable, and may run on several threads
  /// at once, each with a stream and scratch memory of its own.
  final class OneDNNPrimitive: @unchecked Sendable {
    private var description: dnnl_primitive_desc_t?
    private var primitive: dnnl_primitive_t?
    private let engine: dnnl_engine_t?

    /// The bytes of scratch that a call needs.
    let scratchByteCount: Int

    /// Compiles what `describe` asks for.
    ///
    /// - Parameter describe: a call that makes a primitive descriptor on an engine, with the attributes it is given.
    init(
      _ function: String,
      describe: (inout dnnl_primitive_desc_t?, dnnl_engine_t?, dnnl_primitive_attr_t?) -> dnnl_status_t
    ) throws(KernelError) {
      engine = try OneDNNLibrary.engine()
      var attributes: dnnl_primitive_attr_t?
      try OneDNNLibrary.check(dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create")
      defer { dnnl_primitive_attr_destroy(attributes) }
      // The library's own scratch memory would be shared by all threads.
      try OneDNNLibrary.check(
        dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
        "dnnl_primitive_attr_set_scratchpad_mode")
      var description: dnnl_primitive_desc_t?
      try OneDNNLibrary.check(describe(&description, engine, attributes), function)
      var primitive: dnnl_primitive_t?
      let status = dnnl_primitive_create(&primitive, description)
      if status != dnnl_success { dnnl_primitive_desc_destroy(description) }
      try OneDNNLibrary.check(status, "dnnl_primitive_create")
      self.description = description
      self.primitive = primitive
      scratchByteCount = snn_dnnl_desc_size(snn_dnnl_desc_of(description, dnnl_query_scratchpad_md))
    }

    deinit {
      dnnl_primitive_destroy(primitive)
      dnnl_primitive_desc_destroy(description)
    }

    /// The layout that an operand must have; owned by this primitive.
    func descriptor(of operand: dnnl_query_t) -> UnsafeRawPointer? {
      snn_dnnl_desc_of(description, operand)
    }

    /// Runs the primitive and waits for it.
    ///
    /// - Parameters:
    ///   - weights: nil for a change of layout.
    ///   - scratch: ``scratchByteCount`` bytes.
    func execute(
      _ source: OneDNNOperand, weights: OneDNNOperand? = nil, into destination: OneDNNOperand,
      scratch: UnsafeMutableRawPointer, stream: dnnl_stream_t?
    ) throws(KernelError) {
      let sourceMemory = try memory(source)
      defer { dnnl_memory_destroy(sourceMemory) }
      let destinationMemory = try memory(destination)
      defer { dnnl_memory_destroy(destinationMemory) }
      let scratchMemory = try memory(
        OneDNNOperand(descriptor: descriptor(of: dnnl_query_scratchpad_md), data: scratch))
      defer { dnnl_memory_destroy(scratchMemory) }
      let weightMemory = if let weights { try memory(weights) } else { nil as dnnl_memory_t? }
      defer { dnnl_memory_destroy(weightMemory) }

      var arguments = (
        dnnl_exec_arg_t(arg: DNNL_ARG_SRC_0, memory: sourceMemory),
        dnnl_exec_arg_t(arg: DNNL_ARG_DST_0, memory: destinationMemory),
        dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: scratchMemory),
        dnnl_exec_arg_t(arg: DNNL_ARG_WEIGHTS_0, memory: weightMemory)
      )
      let status = withUnsafeBytes(of: &arguments) {
        dnnl_primitive_execute(
          primitive, stream, weights == nil ? 3 : 4, $0.assumingMemoryBound(to: dnnl_exec_arg_t.self).baseAddress)
      }
      try OneDNNLibrary.check(status, "dnnl_primitive_execute")
      try OneDNNLibrary.check(dnnl_stream_wait(stream), "dnnl_stream_wait")
    }

    private func memory(_ operand: OneDNNOperand) throws(KernelError) -> dnnl_memory_t? {
      var memory: dnnl_memory_t?
      try OneDNNLibrary.check(
        snn_dnnl_memory_create(&memory, operand.descriptor, engine, operand.data), "dnnl_memory_create")
      return memory
    }
  }

  extension OneDNNPrimitive {
    /// A change of layout.
    static func reorder(from: UnsafeRawPointer?, to: UnsafeRawPointer?) throws(KernelError) -> OneDNNPrimitive {
      try OneDNNPrimitive("dnnl_reorder_primitive_desc_create") {
        snn_dnnl_reorder_create(&$0, $1, from, to, $2)
      }
    }

    /// The forward convolution of one image with the output channels of `channelCount` rows of weights.
    static func convolution(
      _ problem: ConvProblem, input: UnsafeRawPointer?, weights: UnsafeRawPointer?, output: UnsafeRawPointer?
    ) throws(KernelError) -> OneDNNPrimitive {
      let (padding, stride, dilation) = (problem.padding, problem.stride, problem.dilation)
      return try OneDNNPrimitive("dnnl_convolution_forward") {
        snn_dnnl_convolution_create(
          &$0, $1, input, weights, output, [Int64(stride.height), Int64(stride.width)],
          [Int64(dilation.height - 1), Int64(dilation.width - 1)], [Int64(padding.top), Int64(padding.left)],
          [Int64(padding.bottom), Int64(padding.right)], $2)
      }
    }
  }
#endif
