#pragma once
#if __has_include("/opt/homebrew/opt/jpeg-turbo/include/turbojpeg.h")
#include "/opt/homebrew/opt/jpeg-turbo/include/turbojpeg.h"
#else
#include <turbojpeg.h>
#endif
