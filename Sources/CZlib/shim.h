#pragma once
// Makes the input of zlib's streams const.
#define ZLIB_CONST
#include <zlib.h>
