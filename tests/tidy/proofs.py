# SPDX-License-Identifier: BSD-2-Clause
"""For each rule small trees that break it, and one that just keeps it: a rule that cannot fail says
nothing, and one that fails what is good is worse."""

SPDX = "// SPDX-License-Identifier: BSD-2-Clause\n"
HEADER = SPDX + "// A thing that is small.\n#pragma once\n"


def function(lines):
    return SPDX + "void f(int a,\n       int b) {\n" + "    a++;\n" * (lines - 3) + "}\n"


def source(text):
    return SPDX + text


def seed_row(seed):
    return f"| {seed} | says | [x](a) | `tour` | `A.b` |"


def seeds(changed):
    """A tree whose table of the seeds is right but for the rows in `changed`."""
    counts = {1: 20, 2: 26, 3: 20, 4: 23, 5: 14}
    ids = [f"S{seed}.{n}" for seed, count in counts.items() for n in range(1, count + 1)]
    return {"docs/seeds.md": "\n".join(changed.get(seed, seed_row(seed)) for seed in ids),
            "kernel/scenario/scenario.cpp": 'all_names[] = {"tour"};',
            "tests/unit/a.cpp": "TEST(A, b) {"}


# rule: (trees that break it, a tree that keeps it)
PROOFS = {
    "is_laid_out_by_clang_format": (
        [{"kernel/a.cpp": source("int  a;\n")}],
        {"kernel/a.cpp": source("int a;\n")},
    ),
    "lines_have_at_most_100_columns": (
        [{"kernel/a.cpp": "x" * 101}, {"tests/a.py": "x" * 101}],
        {"kernel/a.cpp": "x" * 100, "docs/a.md": "x" * 200},
    ),
    "functions_have_at_most_70_lines": (
        [{"kernel/a.cpp": function(71)},
         {"kernel/a.hpp": "class A {\n    void f() {\n" + "        a++;\n" * 70 + "    }\n};\n"}],
        {"kernel/a.cpp": function(70), "kernel/b.cpp": "namespace b {\n" + "int i;\n" * 80 + "}\n"},
    ),
    "files_have_at_most_400_lines": (
        [{"kernel/a.cpp": "\n" * 401}],
        {"kernel/a.cpp": "\n" * 400},
    ),
    "files_begin_with_their_licence": (
        [{"kernel/a.cpp": "int a;\n"}, {"tests/run": "#!/bin/bash\n"}],
        {"kernel/a.cpp": SPDX, "tests/run": "#!/bin/bash\n" + SPDX.replace("//", "#")},
    ),
    "headers_begin_with_their_theory": (
        [{"kernel/a.hpp": SPDX + "#pragma once\n"}, {"kernel/a.hpp": SPDX + "// utilities\n"}],
        {"kernel/a.hpp": HEADER, "kernel/a.cpp": SPDX},
    ),
    "includes_go_down_the_layers": (
        [{"kernel/trace/a.hpp": '#include "sched/lwp.hpp"\n'},
         {"kernel/sync/a.cpp": '#include "model/store.hpp"\n'},
         {"visualizer/model/a.hpp": '#include "view/lanes.hpp"\n'},
         {"visualizer/view/a.hpp": '#include "sync/mutex.hpp"\n'}],
        {"kernel/sync/a.cpp": '#include "irq/line.hpp"\n#include "sched/lwp.hpp"\n',
         "kernel/arch/riscv64/trap.cpp": '#include "irq/line.hpp"\n',
         "visualizer/view/a.hpp": '#include "trace/events.hpp"\n#include "model/store.hpp"\n'},
    ),
    "atomics_live_in_cell_hpp": (
        [{"kernel/sync/a.hpp": "#include <atomic>\n"}],
        {"kernel/hart/cell.hpp": "#include <atomic>\n", "visualizer/a.hpp": "#include <atomic>\n"},
    ),
    "the_model_knows_no_window": (
        [{"visualizer/model/a.cpp": "#include <imgui.h>\n"},
         {"visualizer/load/a.cpp": '#include "SDL.h"\n'}],
        {"visualizer/view/a.cpp": "#include <imgui.h>\n"},
    ),
    "the_core_has_no_preprocessor_switches": (
        [{"kernel/sync/a.cpp": "#ifdef DEBUG\n"}, {"kernel/sync/a.hpp": "#define MAX 3\n"}],
        {"kernel/lib/assert.hpp": "#define ASSERT(x) f(x)\n",
         "kernel/arch/host/a.cpp": "#if defined(__SANITIZE_ADDRESS__)\n"},
    ),
    "names_say_something": (
        [{"kernel/lib/utils.hpp": ""}, {"kernel/a.hpp": "class LockManager;\n"},
         {"kernel/a.cpp": "void misc();\n"}, {"kernel/a.cpp": "// TO" "DO later\n"}],
        {"kernel/a.cpp": '// the window manager decides\nint utility = f("misc");\n'},
    ),
    "folders_have_a_readme": (
        [{"kernel/sync/a.cpp": ""}, {"docs/README.md": "\n" * 16}],
        {"kernel/sync/a.cpp": "", "kernel/sync/README.md": "\n" * 15, "README.md": "\n" * 90,
         "labs/01-a/README.md": "\n" * 90, ".ci/run": ""},
    ),
    "documents_point_at_what_exists": (
        [{"docs/a.md": "[x](../kernel/gone.cpp)"},
         {"docs/a.md": '[x](../kernel/a.cpp "Mutex::enter")', "kernel/a.cpp": "Mutex::exit"}],
        {"docs/a.md": '[x](../kernel/a.cpp "Mutex::enter") [y](https://example.org) [z](../kernel)'
                      ' `[w](gone)`',
         "kernel/a.cpp": "void Mutex::enter() {}"},
    ),
    "every_sentence_of_the_seeds_is_shown": (
        [seeds({"S1.1": "| S1.1 | says | nothing | `tour` | `A.b` |"}),
         seeds({"S5.14": "| S5.14 | says | [x](a) | `opera` | `A.b` |"}),
         seeds({"S2.2": "| S2.2 | says | [x](a) | `tour` | `A.c` |"}),
         seeds({"S2.2": "| S2.2 | says | [x](a) | `tour` | by eye |"}),
         seeds({"S2.2": ""}), seeds({"S2.2": seed_row("S2.1")})],
        seeds({"S2.26": "| S2.26 | says | - | - | - |"}),
    ),
}
