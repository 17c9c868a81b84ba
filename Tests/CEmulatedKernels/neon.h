// NEON's names as SIMDe's functions, for simd/neon.h.
#pragma once

#if defined(__x86_64__) && __has_include(<simde/arm/neon.h>)
#define SNN_EMULATES_NEON

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/arm/neon/add.h>
#include <simde/arm/neon/and.h>
#include <simde/arm/neon/bsl.h>
#include <simde/arm/neon/cgt.h>
#include <simde/arm/neon/clt.h>
#include <simde/arm/neon/combine.h>
#include <simde/arm/neon/dup_n.h>
#include <simde/arm/neon/fma.h>
#include <simde/arm/neon/get_high.h>
#include <simde/arm/neon/get_lane.h>
#include <simde/arm/neon/get_low.h>
#include <simde/arm/neon/ld1.h>
#include <simde/arm/neon/mul.h>
#include <simde/arm/neon/neg.h>
#include <simde/arm/neon/padd.h>
#include <simde/arm/neon/reinterpret.h>
#include <simde/arm/neon/set_lane.h>
#include <simde/arm/neon/st1.h>
#include <simde/arm/neon/sub.h>
#include <simde/arm/neon/trn1.h>
#include <simde/arm/neon/trn2.h>
#include <simde/arm/neon/uzp1.h>
#include <simde/arm/neon/uzp2.h>
#include <simde/arm/neon/zip1.h>
#include <simde/arm/neon/zip2.h>

#define SNN_EMULATED
#endif
