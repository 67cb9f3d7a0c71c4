# SPDX-License-Identifier: BSD-2-Clause
"""clang-tidy over every file that the host's compiler compiles, each once, as compile_commands.json
says. The kernel's core is among them through the host machine; only arch/riscv64 is not.

    tests/tidy/clang_tidy.py [PATH…]      these files or folders only
"""
import json
import os
import subprocess
import sys

DATABASE = "build/tidy"


def main(wanted):
    with open("compile_commands.json", encoding="utf-8") as file:
        commands = json.load(file)
    chosen = {}
    for entry in commands:
        if "riscv64-linux-gnu" not in entry["command"].split()[0]:
            chosen.setdefault(entry["file"], entry)
    if wanted:
        chosen = {path: entry for path, entry in chosen.items() if path.startswith(tuple(wanted))}
    os.makedirs(DATABASE, exist_ok=True)
    with open(f"{DATABASE}/compile_commands.json", "w", encoding="utf-8") as file:
        json.dump(list(chosen.values()), file)
    return subprocess.run(["run-clang-tidy", "-quiet", "-p", DATABASE, f"-j{os.cpu_count()}"],
                          check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
