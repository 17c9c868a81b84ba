#pragma once
#if __has_include("/opt/homebrew/include/png.h")
#include "/opt/homebrew/include/png.h"
#else
#include <png.h>
#endif
