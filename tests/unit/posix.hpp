// SPDX-License-Identifier: BSD-2-Clause
// Included before everything else in unit tests (Makefile, UNIT_FLAGS): POSIX has a function
// sync(), the kernel a namespace of that name. gtest needs the header, nobody the function.
#pragma once

#define sync posix_sync
#include <unistd.h>
#undef sync
