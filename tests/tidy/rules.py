# SPDX-License-Identifier: BSD-2-Clause
"""The rules of the house style that a program can judge.

A rule is a function over a tree, a dict from path to text. It yields (path, line, sentence) for
each place that breaks it. Its name is its test's name, its docstring the first thing a person reads
when it fails. To add one: write it here, and show in proofs.py a tree that breaks it.
"""
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

RULES = []


def rule(function):
    RULES.append(function)
    return function


def is_cpp(path):
    return path.endswith((".cpp", ".hpp"))


def is_source(path):
    return path.endswith((".cpp", ".hpp", ".S", ".ld", ".py", ".toml")) or path in (
        "Makefile", "tests/run", ".ci/run", ".ci/deps")


def sources(tree, wanted=is_source):
    return ((path, tree[path].split("\n")) for path in sorted(tree) if wanted(path))


# ---- layout --------------------------------------------------------------------------------------


def formatted(path, text):
    command = ["clang-format", "--style=file", f"--assume-filename={path}"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


@rule
def is_laid_out_by_clang_format(tree):
    """`make format` lays all files out."""
    paths = [path for path in sorted(tree) if is_cpp(path)]
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda path: formatted(path, tree[path]), paths))
    for path, result in zip(paths, results):
        if result != tree[path]:
            pairs = zip(tree[path].split("\n"), result.split("\n"))
            line = next((i for i, (a, b) in enumerate(pairs, 1) if a != b), 1)
            yield path, line, "clang-format would change this"


@rule
def lines_have_at_most_100_columns(tree):
    """Two files fit beside each other on a screen."""
    for path, lines in sources(tree, lambda path: is_source(path) and path not in (
            "Makefile", ".ci/deps", ".ci/run", "tests/run")):
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(4)) > 100:
                yield path, number, f"{len(line)} columns"


def indent(line):
    return len(line) - len(line.lstrip(" "))


def functions(lines):
    """(first line, length, its text) of each function, in files laid out as ours are."""
    control = re.compile(r"\s*(if|for|while|switch|else|do|case|default|namespace|struct|class|"
                         r"enum|union|extern|concept|static_assert)\b|\s*(//|#|\})")
    for end, line in enumerate(lines):
        if line.strip() != "}":
            continue
        start = end - 1
        while start >= 0 and (not lines[start].strip() or indent(lines[start]) > indent(line)):
            start -= 1
        if start >= 0 and indent(lines[start]) == indent(line) and "(" in lines[start] \
                and not control.match(lines[start]):
            yield start + 1, end - start + 1, lines[start].strip()


@rule
def functions_have_at_most_70_lines(tree):
    """50 is the aim. A long function has parts that deserve names."""
    for path, lines in sources(tree, is_cpp):
        for start, length, text in functions(lines):
            if length > 70:
                yield path, start, f"{length} lines: {text}"


@rule
def files_have_at_most_400_lines(tree):
    """350 is the aim. One file, one subject."""
    for path, lines in sources(tree):
        if len(lines) > 401:
            yield path, 401, f"{len(lines) - 1} lines"


# ---- heads ---------------------------------------------------------------------------------------


@rule
def files_begin_with_their_licence(tree):
    """The first line (after #!) is the SPDX line, and no other licence text follows."""
    for path, lines in sources(tree):
        at = 1 if lines[0].startswith("#!") else 0
        if at >= len(lines) or "SPDX-License-Identifier: BSD-2-Clause" not in lines[at]:
            yield path, at + 1, "the SPDX line is missing"


@rule
def headers_begin_with_their_theory(tree):
    """Below the SPDX line a header says in a sentence what it is."""
    for path, lines in sources(tree, lambda path: path.endswith(".hpp")):
        head = lines[1] if len(lines) > 1 else ""
        if not re.match(r"// \S+ \S+", head):
            yield path, 2, "no head comment"


# ---- direction of includes -----------------------------------------------------------------------

# Lower layers never include higher ones; layers in one row may include each other.
KERNEL_LAYERS = [["lib"], ["arch"], ["trace"], ["lockcheck"], ["hart"], ["sched"],
                 ["sync", "callout", "irq"], ["dev"], ["lab", "scenario", "monitor"]]
# What is declared low, for everybody to call, and defined high: the rest of its folder.
DECLARED_LOW = {"lockcheck": "hook.hpp"}
VISUALIZER_LAYERS = [["model"], ["load"], ["session", "explore"], ["render"], ["view"], ["cli"]]
SEEN_BY_HOST = ("lib", "arch", "trace")
# Whoever blocks or exits leaves a turnstile, and kernel_lock: the scheduler's sources, not its
# headers, know them.
EXCEPTIONS = {("kernel/sched/lwp.cpp", "sync/turnstile.hpp"),
              ("kernel/sched/sleep_queue.cpp", "sync/turnstile.hpp"),
              ("kernel/sched/sched.cpp", "sync/turnstile.hpp"),
              ("kernel/sched/sched.cpp", "sync/kernel_lock.hpp")}


def rank(layers, name):
    return next((i for i, row in enumerate(layers) if name in row), None)


def kernel_rank(path):
    layer, name = layer_of(path), os.path.basename(path)
    is_high = DECLARED_LOW.get(layer, name) != name
    return rank(KERNEL_LAYERS, "sync" if is_high else layer)


def layer_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else None


def includes(lines):
    for number, line in enumerate(lines, 1):
        found = re.match(r'\s*#\s*include\s+(["<])([^">]+)', line)
        if found:
            yield number, found.group(1), found.group(2)


def wrong_way(path, included):
    """Why `path` must not include the project's own header `included`, or None."""
    if (path, included) in EXCEPTIONS:
        return None
    folder = included.split("/")[0] if "/" in included else None
    here = layer_of(path)
    if path.startswith("kernel/"):
        mine, theirs = kernel_rank(path), kernel_rank("kernel/" + included)
        is_port = re.match(r"kernel/arch/(riscv64|host)/", path)
        if mine is not None and theirs is not None and theirs > mine and not is_port:
            return f"{here} lies below {folder}"
        if rank(VISUALIZER_LAYERS, folder) is not None:
            return "the kernel knows nothing of the visualizer"
    if path.startswith("visualizer/"):
        mine, theirs = rank(VISUALIZER_LAYERS, here), rank(VISUALIZER_LAYERS, folder)
        if mine is not None and theirs is not None and theirs > mine:
            return f"{here} lies below {folder}"
        if rank(KERNEL_LAYERS, folder) is not None and folder not in SEEN_BY_HOST:
            return f"the visualizer sees only {', '.join(SEEN_BY_HOST)} of the kernel"
    return None


@rule
def includes_go_down_the_layers(tree):
    """rules.py lists the layers. An arrow the other way makes two parts one."""
    for path, lines in sources(tree, is_cpp):
        for number, quote, included in includes(lines):
            why = wrong_way(path, included) if quote == '"' else None
            if why:
                yield path, number, f'"{included}": {why}'


@rule
def atomics_live_in_cell_hpp(tree):
    """In the kernel, memory order is spelled once: hart/cell.hpp."""
    for path, lines in sources(tree, lambda path: path.startswith("kernel/") and is_cpp(path)):
        for number, _, included in includes(lines):
            if included == "atomic" and path != "kernel/hart/cell.hpp":
                yield path, number, "<atomic> outside of hart/cell.hpp"


@rule
def the_model_knows_no_window(tree):
    """What a trace means can be tested without a display."""
    below = ("visualizer/model/", "visualizer/load/", "visualizer/session/", "kernel/")
    for path, lines in sources(tree, lambda path: path.startswith(below)):
        for number, _, included in includes(lines):
            if re.search(r"imgui|SDL|GL/", included):
                yield path, number, f"{included} below the views"


@rule
def the_core_has_no_preprocessor_switches(tree):
    """Every #if is a kernel that nobody compiled. ASSERT is the one macro."""
    below = lambda path: path.startswith("kernel/") and is_cpp(path) \
        and not re.match(r"kernel/arch/(riscv64|host)/", path)
    for path, lines in sources(tree, below):
        for number, line in enumerate(lines, 1):
            found = re.match(r"\s*#\s*(if|ifdef|ifndef|elif|define)\b\s*(\w*)", line)
            if found and found.group(2) != "ASSERT":
                yield path, number, line.strip()


# ---- words ---------------------------------------------------------------------------------------


def without_comments_and_strings(line):
    return re.sub(r'"(\\.|[^"\\])*"|//.*|^\s*#\s*include.*', "", line)


@rule
def names_say_something(tree):
    """util, misc, manager, helper: a thing so named has no subject yet. And nothing unfinished."""
    vague = re.compile(r"(^|[^a-z])(utils?|misc|manager|helpers?)([^a-z]|$)|"
                       r"(Manager|Helper|Utils?)\b")
    unfinished = re.compile(r"\b(TODO|FIXME|XXX)\b")
    own = "tests/tidy/"
    for path in sorted(tree):
        if vague.search(path):
            yield path, 1, "this name says nothing"
    for path, lines in sources(tree, lambda path: is_source(path) and not path.startswith(own)):
        for number, line in enumerate(lines, 1):
            if is_cpp(path) and vague.search(without_comments_and_strings(line)):
                yield path, number, line.strip()
            if unfinished.search(line):
                yield path, number, "finish it, or write an issue: " + line.strip()


# ---- documents -----------------------------------------------------------------------------------


@rule
def folders_have_a_readme(tree):
    """At most 15 lines: purpose, what it may include, where to start reading."""
    folders = {os.path.dirname(path) for path in tree if is_source(path) or path.endswith(".md")}
    for folder in sorted(folder for folder in folders if folder and not folder.startswith(".")):
        readme = folder + "/README.md"
        if readme not in tree:
            yield readme, 1, "is missing"
        elif not re.match(r"labs/\d", folder) and len(tree[readme].split("\n")) > 16:
            yield readme, 16, "longer than 15 lines"


@rule
def documents_point_at_what_exists(tree):
    """[text](path) must exist; [text](path "name") must also find `name` in that file."""
    link = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?(?:\s+\"([^\"]*)\")?\)")
    for path, lines in sources(tree, lambda path: path.endswith(".md")):
        for number, line in enumerate(lines, 1):
            for target, name in link.findall(re.sub(r"`[^`]*`", "", line)):
                if re.match(r"[a-z]+:", target):
                    continue
                file = os.path.normpath(os.path.join(os.path.dirname(path), target))
                if file not in tree and not any(known.startswith(file + "/") for known in tree):
                    yield path, number, f"there is no {file}"
                elif name and name not in tree.get(file, ""):
                    yield path, number, f"{file} says nothing of {name}"


# ---- the seeds -----------------------------------------------------------------------------------

SEED_TABLE = "docs/seeds.md"
SEED_ROWS = {1: 20, 2: 26, 3: 20, 4: 23, 5: 14}  # sentences of each seed


def names_of_tests(tree):
    macro = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.M)
    return {f"{suite}.{name}" for path, text in tree.items()
            if path.startswith("tests/") and path.endswith(".cpp")
            for suite, name in macro.findall(text)}


def names_of_scenarios(tree):
    text = tree.get("kernel/scenario/scenario.cpp", "")
    table = re.search(r"all_names\[\] = \{(.*?)\}", text, re.S)
    return set(re.findall(r'"(\w+)"', table.group(1))) if table else set()


def broken_cells(cells, tests, scenarios):
    """What is wrong with mechanism, scenario and test of a row. A dash says that the sentence asks
    for nothing, and then says so in all three places."""
    where, scenario, test = cells
    if [where, scenario, test] == ["-"] * 3:
        return
    if "](" not in where:
        yield "links to no mechanism"
    for name in re.findall(r"`(\w+)[^`]*`", scenario):
        if name not in scenarios:
            yield f"there is no scenario {name}"
    named = re.findall(r"`([^`]*)`", test)
    if not named:
        yield "names no test"
    for name in named:
        if name not in tests:
            yield f"there is no test {name}"


@rule
def every_sentence_of_the_seeds_is_shown(tree):
    """docs/seeds.md: seed id | what it says | mechanism | scenario | test, each alive."""
    if SEED_TABLE not in tree:
        return
    tests, scenarios = names_of_tests(tree), names_of_scenarios(tree)
    missing = {f"S{seed}.{n}" for seed, count in SEED_ROWS.items() for n in range(1, count + 1)}
    for number, line in enumerate(tree[SEED_TABLE].split("\n"), 1):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not re.fullmatch(r"S\d\.\d+", cells[0]):
            continue
        if cells[0] not in missing:
            yield SEED_TABLE, number, f"{cells[0]} stands here twice, or is no sentence of a seed"
        missing.discard(cells[0])
        if len(cells) != 5:
            yield SEED_TABLE, number, "a row has five columns"
            continue
        for sentence in broken_cells(cells[2:], tests, scenarios):
            yield SEED_TABLE, number, f"{cells[0]} {sentence}"
    for seed in sorted(missing):
        yield SEED_TABLE, 1, f"{seed} has no row"
