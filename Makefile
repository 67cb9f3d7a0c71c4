# SPDX-License-Identifier: BSD-2-Clause
# Interlude. `make help` lists what there is.
#
# Four families of objects, each from the same few lines: the kernel for riscv64, the kernel's core for
# the host machine (with sanitizers), the visualizer, and the visualizer with sanitizers, for tests.
# Sources are found by folder; header dependencies are tracked by the compiler (-MMD). A verb that a
# person types first sees to the packages it needs (.ci/deps), then builds with all processors.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
SHELL := /bin/bash
BUILD ?= build
JOBS  ?= $(shell nproc)

# LAB=01 links the lab of that number into the kernel; HANDLER=file takes the place of its handler.cpp.
LABS     := $(notdir $(wildcard labs/[0-9]*))
LAB      ?=
HANDLER  ?=
LAB_NAME := $(if $(LAB),$(firstword $(filter $(LAB) $(LAB)-%,$(LABS))))
ifneq ($(LAB),$(if $(LAB_NAME),$(LAB)))
$(error there is no lab '$(LAB)', only: $(LABS))
endif
ifneq ($(HANDLER),$(and $(LAB),$(wildcard $(HANDLER))))
$(error HANDLER=$(HANDLER) must be a file, and goes with LAB=NN)
endif

# A line per step; V=1 shows the commands themselves, -s shows nothing.
Q    := $(if $(V),,@)
said  = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-8s %s\n' '$(1)' '$(2)')

comma := ,
WARNINGS := -Wall -Wextra -Wpedantic -Werror
CXXSTD   := -std=c++20

# ---- the kernel, for riscv64 ------------------------------------------------------------------------
# MUTABLE=1: bugs can be switched on (kernel/hart/mutation.hpp).
MUTABLE  ?=
RISCV    := $(BUILD)/riscv64$(MUTABLE:%=-mutable)
CROSS    ?= riscv64-linux-gnu-
KCXX     := $(CROSS)g++
KFLAGS   := $(CXXSTD) $(WARNINGS) -O2 -g -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany \
            -ffreestanding -nostdlib -fno-exceptions -fno-rtti -fno-threadsafe-statics \
            -fno-asynchronous-unwind-tables -fno-pie -fno-stack-protector \
            -fno-tree-loop-distribute-patterns -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(CURDIR)/= \
            -Ikernel -Ikernel/arch/riscv64 -Ikernel/mutable/$(if $(MUTABLE),yes,no) -I$(BUILD)/stub
KLDFLAGS := -nostdlib -static -no-pie -Wl,--build-id=sha1 -Wl,--no-warn-rwx-segments

CORE_DIRS   := lib boot trace hart sched sync lockcheck callout irq dev scenario monitor
CORE_SRC    := $(wildcard $(CORE_DIRS:%=kernel/%/*.cpp))
KERNEL_SRC  := $(CORE_SRC) $(wildcard kernel/*.cpp kernel/arch/riscv64/*.cpp kernel/arch/riscv64/*.S)
KERNEL_OBJ  := $(KERNEL_SRC:%=$(RISCV)/%.o)

# A lab is linked in place of kernel/lab/none.cpp: all its files but checks.cpp, which judges on the host.
LAB_DIR     := $(LAB_NAME:%=labs/%)
LAB_HANDLER := $(or $(abspath $(HANDLER)),$(LAB_DIR:%=%/handler.cpp))
LAB_OTHERS  := $(filter-out %/handler.cpp %/checks.cpp,$(wildcard $(LAB_DIR:%=%/*.cpp)))
LAB_SRC     := $(if $(LAB_NAME),$(LAB_HANDLER) $(LAB_OTHERS),$(wildcard kernel/lab/none.cpp))
LAB_OBJ     := $(LAB_SRC:%=$(RISCV)/%.o)
KERNEL      ?= $(BUILD)/kernel$(MUTABLE:%=-mutable)$(LAB_NAME:%=-%).elf

$(BUILD)/stub/gnu/stubs-lp64.h:
	@mkdir -p $(@D)
	@echo '/* glibc has no stubs header for lp64; the freestanding headers only include it */' > $@

$(LAB_OBJ): KFLAGS += $(LAB_DIR:%=-I%)
$(RISCV)/%.cpp.o: %.cpp | $(BUILD)/stub/gnu/stubs-lp64.h
	@mkdir -p $(@D)
	$(call said,compile,$<)
	$(Q)$(KCXX) $(KFLAGS) -MMD -MP -c $< -o $@

$(RISCV)/%.S.o: %.S
	@mkdir -p $(@D)
	$(call said,compile,$<)
	$(Q)$(KCXX) $(KFLAGS) -MMD -MP -c $< -o $@

$(KERNEL): $(KERNEL_OBJ) $(LAB_OBJ) kernel/arch/riscv64/kernel.ld $(KERNEL).list
	$(call said,link,$@)
	$(Q)$(KCXX) $(KLDFLAGS) -Wl,-T,kernel/arch/riscv64/kernel.ld $(filter %.o,$^) -o $@

ifeq ($(MUTABLE),)
$(BUILD)/kernel-mutable.elf: FORCE # with bugs to switch on, for tests/boot
	@$(MAKE) kernel MUTABLE=1 LAB= HANDLER=
endif

# ---- the kernel's core on the host machine, and its tests ---------------------------------------------
CXX       ?= g++
SANITIZE  ?= -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HOST_FLAGS := $(CXXSTD) $(WARNINGS) -O1 -g1 $(SANITIZE)
# Drivers and scenarios speak to real devices and stay behind; the sanitizer looks at types (no -fno-rtti).
HOST_CORE_FLAGS := $(HOST_FLAGS) -fno-exceptions -Ikernel -Ikernel/arch/host -Ikernel/mutable/yes
HOST_CORE_DIRS := $(filter-out dev scenario,$(CORE_DIRS)) arch/host
HOST_CORE_SRC := $(filter-out %/console.cpp,$(wildcard $(HOST_CORE_DIRS:%=kernel/%/*.cpp))) \
                 kernel/scenario/bring_up.cpp
HOST_CORE_OBJ := $(HOST_CORE_SRC:%=$(BUILD)/host/%.o)

$(BUILD)/host/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(call said,compile,$<)
	$(Q)$(CXX) $(HOST_CORE_FLAGS) -MMD -MP -c $< -o $@

# With the visualizer's model: what the core's events say must be possible.
UNIT_FLAGS := $(HOST_FLAGS) -O0 -include tests/unit/posix.hpp -Ikernel -Ikernel/arch/host -Ikernel/mutable/yes -Ivisualizer -Itests
UNIT_MODEL := $(patsubst %,$(BUILD)/visualizer-san/%.o,$(wildcard visualizer/model/*.cpp))
UNIT_SRC := $(wildcard tests/unit/*.cpp)
UNIT_OBJ := $(UNIT_SRC:%=$(BUILD)/unit/%.o)
$(BUILD)/unit/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(call said,compile,$<)
	$(Q)$(CXX) $(UNIT_FLAGS) -MMD -MP -c $< -o $@
$(BUILD)/test-unit: $(UNIT_OBJ) $(HOST_CORE_OBJ) $(UNIT_MODEL) $(BUILD)/test-unit.list
	$(call said,link,$@)
	$(Q)$(CXX) $(HOST_FLAGS) $(filter %.o,$^) -lgmock -lgtest -lgtest_main -lpthread -o $@

# ---- the visualizer -------------------------------------------------------------------------------------
VIS_PACKAGES := imgui sdl2 libpng fmt libelf libdw
VIS_CFLAGS := $(CXXSTD) $(WARNINGS) -g -Ikernel -Ivisualizer -Ikernel/arch/host -Ikernel/mutable/yes -Ilabs \
              $(subst -I,-isystem ,$(shell pkg-config --cflags $(VIS_PACKAGES) 2>/dev/null))
VIS_LIBS   := $(shell pkg-config --libs $(VIS_PACKAGES) 2>/dev/null) -lmd4c -ldl -lpthread
MODEL_SRC  := $(wildcard visualizer/load/*.cpp visualizer/model/*.cpp)
SESSION_SRC:= $(filter-out visualizer/session/gate_plugin.cpp,$(wildcard visualizer/session/*.cpp))
VIEW_SRC   := $(wildcard visualizer/render/*.cpp visualizer/view/*.cpp visualizer/view/*/*.cpp)
APP_SRC    := $(wildcard visualizer/*.cpp visualizer/cli/*.cpp)
VIS_SRC    := $(MODEL_SRC) $(SESSION_SRC) $(VIEW_SRC) $(APP_SRC)
VIS_OBJ    := $(VIS_SRC:%=$(BUILD)/visualizer/%.o)
INTERLUDE  := $(BUILD)/interlude
GATE       := $(BUILD)/gate.so

$(BUILD)/visualizer/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(call said,compile,$<)
	$(Q)$(CXX) $(VIS_CFLAGS) -O2 -MMD -MP -c $< -o $@
$(INTERLUDE): $(VIS_OBJ) $(INTERLUDE).list
	$(call said,link,$@)
	$(Q)$(CXX) $(filter %.o,$^) $(VIS_LIBS) -o $@
# Plugins that QEMU loads: one source file each.
$(GATE): visualizer/session/gate_plugin.cpp visualizer/session/gate.hpp visualizer/session/qemu_plugin.hpp
$(BUILD)/count.so: tests/bench/count_plugin.cpp visualizer/session/qemu_plugin.hpp
%.so:
	@mkdir -p $(@D)
	$(call said,link,$@)
	$(Q)$(CXX) $(CXXSTD) $(WARNINGS) -O2 -fPIC -shared -Ivisualizer $< -o $@

# The same sources with sanitizers, for tests; the linker takes from the archive what a suite uses.
# (GCC 12 takes its own <regex> for uninitialised then; the plain build keeps that warning.)
# The tests themselves are compiled more often than they run: without optimisation in half the time.
SAN_LEVEL  = $(if $(filter tests/%,$<),-O0,-O1)
SAN_FLAGS  = $(VIS_CFLAGS) $(SAN_LEVEL) -g1 $(SANITIZE) -Wno-maybe-uninitialized -Itests
STORY_SRC := $(filter-out %_test.cpp,$(wildcard tests/model/*.cpp))# the scripted machine, for all suites
SAN_SRC := $(MODEL_SRC) $(SESSION_SRC) $(VIEW_SRC) $(filter-out visualizer/main.cpp,$(APP_SRC)) $(STORY_SRC)
SAN_LIB := $(BUILD)/visualizer-san.a
$(BUILD)/visualizer-san/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(call said,compile,$<)
	$(Q)$(CXX) $(SAN_FLAGS) -MMD -MP -c $< -o $@
$(SAN_LIB): $(SAN_SRC:%=$(BUILD)/visualizer-san/%.o) $(SAN_LIB).list
	@rm -f $@
	$(AR) rcs $@ $(filter %.o,$^)

# ---- the race finder: build/explore, build/explore-NN-name, and build/explore-san… with sanitizers ---------
# All of the kernel for the host machine, its variables in sections of their own, and the search.
SANITIZED ?=
FAST_FLAGS := $(filter-out -O1 $(SANITIZE),$(HOST_CORE_FLAGS)) -O2
EXPLORED := $(BUILD)/host$(if $(SANITIZED),,-fast)
EXPLORED_SRC := $(CORE_SRC) $(wildcard kernel/*.cpp kernel/arch/host/*.cpp) $(LAB_SRC)
EXPLORED_OBJ := $(EXPLORED_SRC:%=$(EXPLORED)/%.o)
EXPLORER := $(BUILD)/explore$(SANITIZED:%=-san)$(LAB_NAME:%=-%)
EXPLORER_OBJ := $(patsubst %,$(BUILD)/visualizer/%.o,$(wildcard visualizer/explore/*.cpp) \
                $(MODEL_SRC) visualizer/session/lab.cpp) \
                $(patsubst %,$(BUILD)/grader/%.o,labs/grader/evidence.cpp $(or $(wildcard $(LAB_DIR:%=%/checks.cpp)),labs/grader/none.cpp))

$(LAB_SRC:%=$(BUILD)/host/%.o): HOST_CORE_FLAGS += $(LAB_DIR:%=-I%)
$(LAB_SRC:%=$(BUILD)/host-fast/%.o): FAST_FLAGS += $(LAB_DIR:%=-I%)
$(BUILD)/host-fast/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(call said,compile,$<)
	$(Q)$(CXX) $(FAST_FLAGS) -MMD -MP -c $< -o $@
$(EXPLORER): $(EXPLORED_OBJ) $(EXPLORER_OBJ) kernel/arch/host/state.ld $(EXPLORER).list
	$(call said,link,$@)
	$(Q)$(CXX) $(if $(SANITIZED),$(SANITIZE)) -Wl,--build-id=sha1,-T,kernel/arch/host/state.ld $(filter %.o,$^) -lfmt -lpthread -o $@

# ---- graders: build/grade-NN-name, one for each lab, from labs/grader and the lab's checks.cpp -----------
GRADER_FLAGS := $(VIS_CFLAGS) -O2
GRADER_SRC := $(filter-out %/none.cpp,$(wildcard labs/grader/*.cpp))
GRADERS := $(patsubst labs/%/checks.cpp,$(BUILD)/grade-%,$(wildcard labs/*/checks.cpp))
$(BUILD)/grader/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	$(call said,compile,$<)
	$(Q)$(CXX) $(GRADER_FLAGS) -MMD -MP -c $< -o $@
grader_objects := $(patsubst %,$(BUILD)/visualizer/%.o,$(MODEL_SRC) $(SESSION_SRC)) $(GRADER_SRC:%=$(BUILD)/grader/%.o)
$(BUILD)/grade-%: $(BUILD)/grader/labs/%/checks.cpp.o $(grader_objects)
	$(call said,link,$@)
	$(Q)$(CXX) $^ $(VIS_LIBS) -o $@
.SECONDARY: $(grader_objects) $(patsubst $(BUILD)/grade-%,$(BUILD)/grader/labs/%/checks.cpp.o,$(GRADERS))

# ---- test suites: each folder of tests/ that has sources is one binary, build/test-NAME ------------------
SUITES := $(filter-out bench,$(patsubst tests/%/,%,$(sort $(dir $(wildcard tests/*/*.cpp)))))
SAN_SUITES := $(filter-out unit explore,$(SUITES))
suite_objects = $(patsubst %,$(BUILD)/visualizer-san/%.o,$(wildcard tests/$(1)/*.cpp))
# tests/view sees each item and text that ImGui makes: its probe stands between the calls.
suite_link_view := $(patsubst %,-Wl$(comma)--wrap=%,_ZN5ImGui7ItemAddERK6ImRectjPS1_i _ZN11ImGuiWindow5GetIDEPKcS1_ \
                   _ZN10ImDrawList7AddTextERK6ImVec2jPKcS4_ _ZN10ImDrawList7AddTextEPK6ImFontfRK6ImVec2jPKcS7_fPK6ImVec4)
define suite
$(BUILD)/test-$(1): $(call suite_objects,$(1)) $(SAN_LIB) $(BUILD)/test-$(1).list
	$$(CXX) $$(SANITIZE) $(suite_link_$(1)) $$(filter %.o,$$^) $(SAN_LIB) -lgmock -lgtest -lgtest_main $$(VIS_LIBS) -o $$@
endef
$(foreach name,$(SAN_SUITES),$(eval $(call suite,$(name))))
# tests/explore starts programs, and reads the traces that they write.
EXPLORE_TEST_OBJ := $(patsubst %,$(BUILD)/visualizer-san/%.o,$(wildcard tests/explore/*.cpp) $(MODEL_SRC))
$(BUILD)/test-explore: $(EXPLORE_TEST_OBJ) $(BUILD)/test-explore.list | $(EXPLORER) $(INTERLUDE) $(KERNEL) $(GRADERS) $(GATE)
	$(call said,link,$@)
	$(Q)$(CXX) $(SANITIZE) $(filter %.o,$^) -lfmt -lgtest -lgtest_main -lpthread -o $@
# make explore-all: every row of tests/explore/corpus.hpp, and the labs with their reference solutions.
EXPLORE_ALL := $(BUILD)/explore-all
$(EXPLORE_ALL): $(patsubst %,$(BUILD)/visualizer-san/%.o,$(wildcard tests/explore/all/*.cpp) tests/explore/program.cpp)
	$(call said,link,$@)
	$(Q)$(CXX) $(SANITIZE) $^ -o $@
$(BUILD)/test-view: | $(INTERLUDE) $(KERNEL) $(GRADERS) $(GATE)
$(BUILD)/test-labs: | $(GRADERS) $(GATE)
$(BUILD)/test-boot: | $(KERNEL) $(BUILD)/kernel-mutable.elf
$(BUILD)/test-session $(BUILD)/test-truth: | $(GATE) $(KERNEL) $(BUILD)/test-guest.elf
$(BUILD)/test-session: | $(EXPLORER)

# The guest of tests/session: machine, trace and port of the kernel, without its core.
GUEST_SRC := $(wildcard tests/session/guest/*.cpp kernel/arch/riscv64/*.cpp kernel/arch/riscv64/*.S \
             kernel/boot/device_tree.cpp kernel/trace/*.cpp kernel/dev/virtio*.cpp)
$(BUILD)/test-guest.elf: $(GUEST_SRC:%=$(RISCV)/%.o) kernel/arch/riscv64/kernel.ld
	$(call said,link,$@)
	$(Q)$(KCXX) $(KLDFLAGS) -Wl,-T,kernel/arch/riscv64/kernel.ld $(filter %.o,$^) -o $@

# The decoder behind libFuzzer, and how fast the visualizer's inside and the way to it are.
FUZZ_SRC := tests/fuzz/decoder_fuzz.cpp tests/fuzz/hostile_input.cpp $(MODEL_SRC)
$(BUILD)/fuzz-decoder: $(FUZZ_SRC) $(wildcard visualizer/load/*.hpp visualizer/model/*.hpp kernel/trace/*.hpp)
	@mkdir -p $(@D)
	clang++ $(CXXSTD) -O1 -g -fsanitize=fuzzer,address,undefined -Ikernel -Ivisualizer -Itests $(FUZZ_SRC) -lfmt -o $@
BENCH_OBJ := $(patsubst %,$(BUILD)/visualizer/%.o,$(MODEL_SRC) $(STORY_SRC) tests/bench/model_bench.cpp)
$(BUILD)/visualizer/tests/%.o: VIS_CFLAGS += -Itests
FRAMES_OBJ := $(patsubst %,$(BUILD)/visualizer/%.o,$(MODEL_SRC) $(SESSION_SRC) $(VIEW_SRC) $(STORY_SRC) tests/bench/frames/frames.cpp)
$(BUILD)/bench-frames: $(FRAMES_OBJ)
	$(call said,link,$@)
	$(Q)$(CXX) $^ $(VIS_LIBS) -o $@
HOST_BENCH_OBJ := $(patsubst %,$(BUILD)/visualizer/%.o,$(MODEL_SRC) $(SESSION_SRC) tests/bench/host/host.cpp)
$(BUILD)/bench-host: $(HOST_BENCH_OBJ) | $(KERNEL) $(GATE)
	$(call said,link,$@)
	$(Q)$(CXX) $(filter %.o,$^) $(VIS_LIBS) -o $@
$(BUILD)/bench-model: $(BENCH_OBJ)
	$(call said,link,$@)
	$(Q)$(CXX) $^ -lbenchmark -lfmt -lpthread -o $@

# ---- what a program is linked from: a file added or removed links anew, although no object is newer -----
lists = $(KERNEL) $(INTERLUDE) $(EXPLORER) $(SAN_LIB) $(SUITES:%=$(BUILD)/test-%)
list_of = $(or $(if $(filter $(KERNEL),$(1)),$(KERNEL_OBJ) $(LAB_OBJ)),$(if $(filter $(INTERLUDE),$(1)),$(VIS_OBJ)),\
          $(if $(filter $(EXPLORER),$(1)),$(EXPLORED_OBJ) $(EXPLORER_OBJ)),\
          $(if $(filter $(SAN_LIB),$(1)),$(SAN_SRC)),$(if $(filter %/test-unit,$(1)),$(UNIT_OBJ) $(HOST_CORE_OBJ) $(UNIT_MODEL)),\
          $(call suite_objects,$(patsubst $(BUILD)/test-%,%,$(1))))
$(lists:%=%.list): FORCE
	@mkdir -p $(@D)
	@echo '$(sort $(call list_of,$(@:.list=)))' | cmp -s - $@ || echo '$(sort $(call list_of,$(@:.list=)))' > $@

# ---- for editors and clang-tidy ---------------------------------------------------------------------------
entry = {"directory":"$(CURDIR)","file":"$(1)","command":"$(2) -c $(1)"},
entries = $(foreach file,$(1),$(call entry,$(file),$(2)))
compile_commands.json: FORCE | $(BUILD)
	$(file >$(BUILD)/$@,$(call entries,$(HOST_CORE_SRC),$(CXX) $(HOST_CORE_FLAGS)))
	$(file >>$(BUILD)/$@,$(call entries,$(UNIT_SRC),$(CXX) $(UNIT_FLAGS)))
	$(file >>$(BUILD)/$@,$(call entries,$(KERNEL_SRC),$(KCXX) $(KFLAGS)))
	$(file >>$(BUILD)/$@,$(foreach lab,$(LABS),$(call entries,$(filter-out %/checks.cpp,$(wildcard labs/$(lab)/*.cpp)),$(KCXX) $(KFLAGS) -Ilabs/$(lab))))
	$(file >>$(BUILD)/$@,$(call entries,$(VIS_SRC) $(wildcard visualizer/session/gate_plugin.cpp),$(CXX) $(VIS_CFLAGS)))
	$(file >>$(BUILD)/$@,$(call entries,$(GRADER_SRC) $(wildcard labs/*/checks.cpp),$(CXX) $(GRADER_FLAGS)))
	$(file >>$(BUILD)/$@,$(call entries,$(wildcard $(SAN_SUITES:%=tests/%/*.cpp)),$(CXX) $(SAN_FLAGS)))
	@printf '[\n%s\n]\n' "$$(tr -d '\n' < $(BUILD)/$@ | sed 's/}, */},\n/g' | sed '$$s/},$$/}/')" > $(BUILD)/$@.new
	@cmp -s $(BUILD)/$@.new $@ || cp $(BUILD)/$@.new $@

$(BUILD):
	@mkdir -p $@

# ---- verbs: `make help` prints the text after ## ------------------------------------------------------------
.PHONY: all tools kernel run lab grade explore explore-all view test tidy format bench deps clean help FORCE
with_all_processors = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))
no_display = $(if $(DISPLAY)$(WAYLAND_DISPLAY),,headless)

all: tools kernel $(INTERLUDE) $(GATE) compile_commands.json ## build the kernel and the visualizer (what plain `make` does)

tools: # says in plain words what is missing, before a compiler does in its own
	@.ci/deps check

kernel: $(KERNEL) ## build the kernel image alone; LAB=01 builds it with that lab

run: ## build, boot the kernel, open the window on it; ARGS="--scenario block --harts 4" and so on
	@.ci/deps run
	@$(MAKE) $(with_all_processors) all
	@$(if $(no_display),echo "No display (DISPLAY is not set): running without a window.")
	@$(INTERLUDE) run $(no_display:%=--%) --kernel $(KERNEL) $(ARGS)

lab: ## LAB=01: build that lab and open it; saving handler.cpp builds and runs it again
	@$(if $(LAB),,echo "Which one? make lab LAB=01 (there are: $(LABS))"; exit 1)
	@.ci/deps run
	@$(MAKE) $(with_all_processors) all
	@$(if $(no_display),echo "No display (DISPLAY is not set): running without a window.")
	@$(INTERLUDE) run $(no_display:%=--%) --kernel $(KERNEL) --lab $(LAB_DIR) $(ARGS)

grade: ## LAB=01: points for that lab's handler.cpp, or for HANDLER=some/other/file.cpp
	@$(if $(LAB),,echo "Which one? make grade LAB=01 (there are: $(LABS))"; exit 1)
	@.ci/deps run
	@$(MAKE) -s $(with_all_processors) $(BUILD)/grade-$(LAB_NAME) $(GATE)
	@$(BUILD)/grade-$(LAB_NAME) --lab $(LAB_DIR) $(HANDLER:%=--handler '%')

explore: ## look for a schedule that breaks it: SCENARIO=race CASE=… STRATEGY=random|pct|exhaustive BUDGET=… [LAB=NN] [MUTATION=…]
	@.ci/deps run
	@$(MAKE) -s $(with_all_processors) $(EXPLORER)
	@$(EXPLORER) $(if $(LAB),--lab $(LAB_DIR),--scenario $(or $(SCENARIO),tour)) $(CASE:%=--case %) $(STRATEGY:%=--strategy %) \
	    $(BUDGET:%=--budget %) $(MUTATION:%=--mutation %) $(HARTS:%=--harts %) $(REPLAY:%=--replay %) $(ARGS) \
	    || { status=$$?; echo "explore: status $$status (docs/how-to/explore.md)"; exit $$status; }

explore-all: ## search every scenario: BUDGET=N schedules of each row of tests/explore/corpus.hpp, ROWS="tour block" of some
	@.ci/deps run
	@$(MAKE) -s $(with_all_processors) $(EXPLORER) $(EXPLORE_ALL)
	@$(MAKE) -s $(with_all_processors) LAB=01 HANDLER=tests/labs/01/reference.cpp EXPLORER=$(BUILD)/explore-01-reference \
	    $(BUILD)/explore-01-reference
	@$(EXPLORE_ALL) $(or $(BUDGET),1000) $(ROWS)

view: ## open a recorded trace: TRACE=runs/… (the newest one if not given)
	@.ci/deps run
	@$(MAKE) $(with_all_processors) $(INTERLUDE)
	@$(INTERLUDE) open $(or $(TRACE),$(firstword $(shell ls -td runs/*/ 2>/dev/null)))

deps: ## install the packages that are missing, after saying which and why
	@.ci/deps test

test: ## build and run every test; ends with one line of counts
	@.ci/deps test
	@-$(MAKE) -k $(with_all_processors) all $(SUITES:%=$(BUILD)/test-%)
	@tests/run build $(SUITES) tidy

bench: ## measure: instructions of the kernel, speed of the visualizer's inside, the way between them
	@.ci/deps test
	@$(MAKE) $(with_all_processors) $(KERNEL) $(GATE) $(BUILD)/count.so $(BUILD)/bench-model $(BUILD)/bench-frames $(BUILD)/bench-host
	@tests/bench/guest.sh $(KERNEL)
	@$(BUILD)/bench-model
	@$(BUILD)/bench-frames
	@$(BUILD)/bench-host

tidy: compile_commands.json ## check the house style, and clang-tidy (minutes); ONLY="kernel/sync" narrows the latter
	@/usr/bin/python3 tests/tidy/tidy.py
	@/usr/bin/python3 tests/tidy/clang_tidy.py $(ONLY)

format: ## lay out all sources with clang-format
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

clean: ## remove everything that make has made
	rm -rf $(BUILD) compile_commands.json

help: ## this list
	@sed -n 's/^\([a-z_-]*\):[^#]*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | \
	    while IFS='|' read -r verb text; do printf '  make %-11s %s\n' "$$verb" "$$text"; done

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
