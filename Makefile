# SPDX-License-Identifier: BSD-2-Clause
# Interlude. `make help` lists what there is.
#
# Four families of objects, each from the same few lines: the kernel for riscv64, the kernel's core for
# the host machine (with sanitizers), the visualizer, and the tests. Sources are found by folder; header
# dependencies are tracked by the compiler (-MMD).

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
SHELL := /bin/bash
BUILD ?= build
JOBS ?= $(shell nproc)
LAB ?=
export LAB

LAB_DIR := $(if $(LAB),$(firstword $(wildcard labs/$(LAB)-* labs/$(LAB))))
ifneq ($(LAB),)
ifeq ($(LAB_DIR),)
$(error no lab '$(LAB)': there are $(notdir $(wildcard labs/[0-9]*)))
endif
endif

WARNINGS := -Wall -Wextra -Wpedantic -Werror
CXXSTD   := -std=c++20

# ---- the kernel, for riscv64 ------------------------------------------------------------------------
CROSS    ?= riscv64-linux-gnu-
KCXX     := $(CROSS)g++
KFLAGS   := $(CXXSTD) $(WARNINGS) -O2 -g -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany \
            -ffreestanding -nostdlib -fno-exceptions -fno-rtti -fno-threadsafe-statics \
            -fno-asynchronous-unwind-tables -fno-pie -fno-stack-protector -fno-omit-frame-pointer \
            -fno-tree-loop-distribute-patterns -ffile-prefix-map=$(CURDIR)/= \
            -Ikernel -Ikernel/arch/riscv64 -I$(BUILD)/stub
KLDFLAGS := -nostdlib -static -no-pie -Wl,--build-id=none -Wl,--no-warn-rwx-segments

CORE_DIRS   := lib trace hart sched sync callout irq dev scenario monitor
CORE_SRC    := $(wildcard $(CORE_DIRS:%=kernel/%/*.cpp))
KERNEL_SRC  := $(CORE_SRC) $(wildcard kernel/*.cpp kernel/arch/riscv64/*.cpp kernel/arch/riscv64/*.S)
KERNEL_OBJ  := $(KERNEL_SRC:%=$(BUILD)/riscv64/%.o)
LAB_NAME    := $(if $(LAB_DIR),$(notdir $(LAB_DIR)),none)
LAB_SRC     := $(if $(LAB_DIR),$(wildcard $(LAB_DIR)/*.cpp),$(wildcard kernel/lab/none.cpp))
LAB_OBJ     := $(LAB_SRC:%=$(BUILD)/riscv64/%.o)
KERNEL      := $(BUILD)/kernel$(if $(LAB_DIR),-$(LAB_NAME)).elf

$(BUILD)/stub/gnu/stubs-lp64.h:
	@mkdir -p $(@D)
	@echo '/* glibc has no stubs header for lp64; the freestanding headers only include it */' > $@

$(BUILD)/riscv64/%.cpp.o: %.cpp | $(BUILD)/stub/gnu/stubs-lp64.h
	@mkdir -p $(@D)
	$(KCXX) $(KFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/riscv64/%.S.o: %.S
	@mkdir -p $(@D)
	$(KCXX) $(KFLAGS) -MMD -MP -c $< -o $@

$(KERNEL): $(KERNEL_OBJ) $(LAB_OBJ) kernel/arch/riscv64/kernel.ld
	$(KCXX) $(KLDFLAGS) -Wl,-T,kernel/arch/riscv64/kernel.ld $(filter %.o,$^) -o $@

# ---- the kernel's core on the host machine, and its tests ---------------------------------------------
CXX       ?= g++
SANITIZE  ?= -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HOST_FLAGS := $(CXXSTD) $(WARNINGS) -O1 -g $(SANITIZE)
HOST_CORE_FLAGS := $(HOST_FLAGS) -fno-exceptions -fno-rtti -Ikernel -Ikernel/arch/host
HOST_CORE_SRC := $(CORE_SRC) $(wildcard kernel/arch/host/*.cpp kernel/lab/none.cpp)
HOST_CORE_OBJ := $(HOST_CORE_SRC:%=$(BUILD)/host/%.o)

$(BUILD)/host/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(CXX) $(HOST_CORE_FLAGS) -MMD -MP -c $< -o $@

UNIT_SRC := $(wildcard tests/unit/*.cpp)
UNIT_OBJ := $(UNIT_SRC:%=$(BUILD)/unit/%.o)
$(BUILD)/unit/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(CXX) $(HOST_FLAGS) -Ikernel -Ikernel/arch/host -Itests -MMD -MP -c $< -o $@
$(BUILD)/test-unit: $(UNIT_OBJ) $(HOST_CORE_OBJ)
	$(CXX) $(HOST_FLAGS) $^ -lgtest -lgtest_main -lpthread -o $@

# ---- the visualizer -------------------------------------------------------------------------------------
VIS_PACKAGES := imgui sdl2 libpng fmt libelf
VIS_CFLAGS  = $(CXXSTD) $(WARNINGS) -g -Ikernel -Ivisualizer -Ikernel/arch/host $(subst -I,-isystem ,$(shell pkg-config --cflags $(VIS_PACKAGES)))
VIS_LIBS    = $(shell pkg-config --libs $(VIS_PACKAGES)) -lpthread
MODEL_SRC  := $(wildcard visualizer/load/*.cpp visualizer/model/*.cpp)
SESSION_SRC:= $(filter-out visualizer/session/gate_plugin.cpp,$(wildcard visualizer/session/*.cpp))
VIEW_SRC   := $(wildcard visualizer/render/*.cpp visualizer/view/*.cpp)
APP_SRC    := $(wildcard visualizer/*.cpp visualizer/cli/*.cpp)
VIS_SRC    := $(MODEL_SRC) $(SESSION_SRC) $(VIEW_SRC) $(APP_SRC)
VIS_OBJ    := $(VIS_SRC:%=$(BUILD)/visualizer/%.o)
INTERLUDE  := $(BUILD)/interlude
GATE       := $(BUILD)/gate.so

$(BUILD)/visualizer/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(CXX) $(VIS_CFLAGS) -O2 -MMD -MP -c $< -o $@
$(INTERLUDE): $(VIS_OBJ)
	$(CXX) $^ $(VIS_LIBS) -o $@
$(GATE): visualizer/session/gate_plugin.cpp visualizer/session/gate.hpp
	@mkdir -p $(@D)
	$(CXX) $(CXXSTD) $(WARNINGS) -O2 -fPIC -shared -Ivisualizer $< -o $@

# The same sources with sanitizers, for tests.
VIS_TEST_OBJ = $(patsubst %,$(BUILD)/visualizer-san/%.o,$(1))
$(BUILD)/visualizer-san/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(CXX) $(VIS_CFLAGS) -O1 $(SANITIZE) -Itests -MMD -MP -c $< -o $@

# ---- verbs ------------------------------------------------------------------------------------------------
.PHONY: all kernel clean
all: kernel $(INTERLUDE) $(GATE)
kernel: $(KERNEL)
clean:
	rm -rf $(BUILD) compile_commands.json

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
