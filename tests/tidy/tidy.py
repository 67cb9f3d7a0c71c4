# SPDX-License-Identifier: BSD-2-Clause
"""The house style, executable: judges the whole tree by the rules, and the rules by their proofs.

    tests/tidy/tidy.py            everything, printed as GoogleTest prints
    tests/tidy/tidy.py RULE…      these rules on the tree
"""
import os
import subprocess
import sys
import time

from proofs import PROOFS
from rules import RULES

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read_tree():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    tree = {}
    for path in filter(None, listed):
        try:
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                tree[path] = file.read()
        except UnicodeDecodeError:
            tree[path] = ""  # a picture or a trace: it exists, and has no lines
        except FileNotFoundError:
            pass  # removed, and not yet committed
    return tree


def judge(name, findings):
    """Prints one test; `findings` are sentences."""
    started = time.monotonic()
    print(f"[ RUN      ] {name}", flush=True)
    sentences = list(findings)
    for sentence in sentences:
        print(sentence)
    verdict = "[  FAILED  ]" if sentences else "[       OK ]"
    print(f"{verdict} {name} ({(time.monotonic() - started) * 1000:.0f} ms)", flush=True)
    return not sentences


def broken_places(rule, tree):
    places = [f"{path}:{line}: {sentence}" for path, line, sentence in rule(tree)]
    return places + [rule.__doc__] if places else []


def broken_proofs(rule):
    if rule.__name__ not in PROOFS:
        yield f"proofs.py has no tree that breaks {rule.__name__}"
        return
    bad, good = PROOFS[rule.__name__]
    for tree in bad:
        if not list(rule(tree)):
            yield f"does not see what is wrong in {tree}"
    for path, line, sentence in rule(good):
        yield f"finds fault with what is right: {path}:{line}: {sentence}"


def has_reference_format():
    """Versions of clang-format differ in details; Debian 12's is the reference."""
    version = subprocess.run(["clang-format", "--version"], capture_output=True, text=True).stdout
    return " version 14." in version


def main(wanted):
    os.chdir(ROOT)
    tree = read_tree()
    good = True
    for rule in RULES:
        if wanted and rule.__name__ not in wanted:
            continue
        if rule.__name__ == "is_laid_out_by_clang_format" and not has_reference_format():
            print("the layout is judged by clang-format 14 only (Debian 12)")
            continue
        good = judge(f"tidy.{rule.__name__}", broken_places(rule, tree)) and good
        good = judge(f"tidy_can_fail.{rule.__name__}", broken_proofs(rule)) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
