#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The kernel's own figures, in instructions, counted exactly: scenario `bench` on one hart, and what a
# whole scenario costs with and without its trace.
set -euo pipefail
kernel=${1:-build/kernel.elf}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# boot ARGUMENTS: on one hart; its console is in $scratch/console, its instructions in $scratch/count.
boot() {
    timeout 120 qemu-system-riscv64 -M virt -m 128M -smp 1 -display none -monitor none \
        -serial "file:$scratch/console" -icount shift=0,sleep=off -rtc base=2026-01-01T00:00:00,clock=vm \
        -kernel "$kernel" -global virtio-mmio.force-legacy=false -device virtio-serial-device \
        -chardev file,id=ev,path=/dev/null -device virtserialport,chardev=ev,name=events,nr=1 \
        -plugin "build/count.so,out=$scratch/count" -append "$1" </dev/null
}

boot "scenario=bench lockcheck=off"
sed -n '/guest instructions/,$p' "$scratch/console"

# The same row in each model: what borrowing a context costs more than taking none, and less than a switch.
row='interrupt, to the handler and back'
declare -A cost
for model in classic borrow thread; do
    boot "scenario=bench lockcheck=off model=$model"
    read -r off on _ < <(sed -n "s/^ *$row *//p" "$scratch/console")
    printf '  %-48s%-10s%-10s\n' "interrupt, model=$model" "$off" "$on"
    cost[$model]=$off
done
printf '  %-48s%-10s%-10s%s\n' "borrow minus classic" "$((cost[borrow] - cost[classic]))" "" "40"

echo "  whole scenarios                                 trace off on        more (goal: 5 %)"
for scenario in tour block; do
    boot "scenario=$scenario lockcheck=off trace=none"
    off=$(<"$scratch/count")
    boot "scenario=$scenario lockcheck=off"
    on=$(<"$scratch/count")
    printf '  %-48s%-10s%-10s%s %%\n' "$scenario" "$off" "$on" \
        "$(awk "BEGIN { printf \"%.1f\", ($on - $off) * 100 / $off }")"
done
