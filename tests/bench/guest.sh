#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The kernel's own figures, in instructions: scenario `bench` on one hart, counted exactly by -icount.
set -euo pipefail
kernel=${1:-build/kernel.elf}
console=$(mktemp)
trap 'rm -f "$console"' EXIT
timeout 120 qemu-system-riscv64 -M virt -m 128M -smp 1 -display none -monitor none -serial "file:$console" \
    -icount shift=0,sleep=off -rtc base=2026-01-01T00:00:00,clock=vm -kernel "$kernel" \
    -global virtio-mmio.force-legacy=false -device virtio-serial-device \
    -chardev file,id=ev,path=/dev/null -device virtserialport,chardev=ev,name=events,nr=1 \
    -append scenario=bench </dev/null
sed -n '/guest instructions/,$p' "$console"
