// The umbrella of the micro-kernels: each operation's header is its contract.
//
// Everything here is free of allocation, threads, global state and library calls.
#pragma once

#include "../cpu/cpu.h"
#include "../ceilings/ceilings.h"
#include "../f32_epilogue/f32_epilogue.h"
#include "../fetch/fetch.h"
#include "../f32_lanes/f32_lanes.h"
#include "../f32_planes/f32_planes.h"
#include "../f32_sddmm/f32_sddmm.h"
#include "../f32_spmm/f32_spmm.h"
#include "../f32_winograd/f32_winograd.h"
