// SPDX-License-Identifier: BSD-2-Clause
// selftest: the lock checker, tried on cases of which it must report some and none of the others,
// in the manner of a locking self-test suite (lockcheck/selftest.hpp): S3.1, S3.16 and the use
// errors of every kind of lock.
#include "lockcheck/selftest.hpp"
#include "hart/print.hpp"
#include "lockcheck/hook.hpp"
#include "scenario/scenario.hpp"

namespace scenario {

void selftest() {
    lockcheck::arm(); // whatever lockcheck= says: it is what this is about
    lockcheck::SelftestResult result = lockcheck::selftest();
    lib::Line line;
    line.add("selftest: ", result.expected, " expected, ", result.unexpected, " unexpected");
    hart::print(line);
    check("every case came out as it must", result.unexpected == 0, result.unexpected);
    check("there were cases", result.expected != 0, result.expected);
    check("the checker is still there", lockcheck::armed());
}

} // namespace scenario
