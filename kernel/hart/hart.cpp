// SPDX-License-Identifier: BSD-2-Clause
#include "hart/hart.hpp"

#include "hart/model.hpp"
#include "hart/mutation.hpp"

namespace hart {

constinit Hart harts[arch::max_harts];
constinit unsigned hart_count = 1;
constinit Mutation mutation = Mutation::none;
constinit Interrupts interrupts;

} // namespace hart
