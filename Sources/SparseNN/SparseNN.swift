// What a user imports: the public modules under one name.
@_exported public import ModelFormats
@_exported public import NeuralLayers
@_exported public import Optimizers
@_exported public import Pruning
@_exported public import SparseKernels
@_exported public import SparseTraining
@_exported public import TensorCore
