// SPDX-License-Identifier: BSD-2-Clause
// Where things lie in the machine view, and how they get there.
#include "fake_source.hpp"
#include "view/machine/motion.hpp"

#include <gtest/gtest.h>

#include <set>

namespace {

using namespace view::machine;

struct Room {
    unsigned harts, threads;
    Point size;
    float scale;
};

class SceneTest : public testing::TestWithParam<Room> {
protected:
    void SetUp() override {
        model_test::Generator(GetParam().harts, 3, model_test::into(store), GetParam().threads)
            .run(6000);
    }
    template <class Fn> void at_many_instants(Fn&& fn) {
        for (usize count = 40; count < store.size(); count += 97)
            fn(store.state_after(count),
               arrange(store.state_after(count), GetParam().size, GetParam().scale), count);
    }
    model::Store store;
};

TEST_P(SceneTest, a_key_occurs_once) {
    at_many_instants([](const model::State&, const Scene& scene, usize count) {
        std::set<u64> keys;
        for (const Item& item : scene.items) {
            EXPECT_TRUE(keys.insert(item.key).second)
                << "key " << item.key << " twice after " << count;
        }
    });
}

TEST_P(SceneTest, every_lwp_that_lives_has_its_place) {
    at_many_instants([](const model::State& state, const Scene& scene, usize count) {
        for (u32 id = 1; id < state.lwps.size(); id++)
            if (state.lwps[id].known && state.lwps[id].state != trace::LwpState::zombie) {
                EXPECT_NE(scene.find(key_of(Part::lwp, id)), nullptr)
                    << "LWP " << id << " after " << count;
            }
    });
}

TEST_P(SceneTest, everything_lies_inside) {
    at_many_instants([](const model::State&, const Scene& scene, usize count) {
        for (const Item& item : scene.items) {
            EXPECT_GE(item.at.x, -0.5f);
            EXPECT_GE(item.at.y, -0.5f);
            EXPECT_LE(item.at.right(), scene.size.x + 1.5f)
                << static_cast<int>(item.part) << " after " << count;
            if (!item.hidden) {
                EXPECT_LE(item.at.bottom(), scene.size.y + 1.5f)
                    << static_cast<int>(item.part) << " after " << count;
            }
        }
    });
}

TEST_P(SceneTest, what_is_hidden_is_counted) {
    at_many_instants([](const model::State&, const Scene& scene, usize count) {
        bool hidden = false, counted = false;
        for (const Item& item : scene.items) {
            hidden = hidden || item.hidden;
            counted = counted || item.part == Part::more;
        }
        EXPECT_EQ(hidden, counted) << "after " << count;
    });
}

TEST_P(SceneTest, the_run_queue_lies_in_the_order_in_which_it_will_run) {
    at_many_instants([](const model::State& state, const Scene& scene, usize) {
        for (const model::Hart& hart : state.harts)
            for (usize i = 1; i < hart.run_queue.size(); i++) {
                bool leaving = state.lwp(hart.run_queue[i - 1])->state == trace::LwpState::running
                               || hart.run_queue[i - 1] == hart.running
                               || hart.run_queue[i] == hart.running;
                if (leaving) // still drawn on its hart
                    continue;
                const Item* before =
                    scene.find(key_of(Part::lwp, static_cast<u32>(hart.run_queue[i - 1])));
                const Item* after =
                    scene.find(key_of(Part::lwp, static_cast<u32>(hart.run_queue[i])));
                EXPECT_LE(before->at.y, after->at.y);
            }
    });
}

INSTANTIATE_TEST_SUITE_P(Rooms, SceneTest,
                         testing::Values(Room{1, 4, {1000, 500}, 1}, Room{1, 4, {1800, 900}, 2},
                                         Room{4, 6, {1000, 500}, 1}, Room{8, 20, {1000, 500}, 1},
                                         Room{8, 20, {1900, 1000}, 1}, Room{8, 2, {840, 360}, 1},
                                         Room{4, 2, {840, 360}, 1}));

TEST(Scene, nothing_is_drawn_of_a_machine_that_said_nothing) {
    EXPECT_TRUE(arrange(model::State(), {800, 600}, 1).find(key_of(Part::hart, 0)) == nullptr);
}

Scene scene_with(Rect at) {
    Scene scene;
    scene.items.push_back({42, Part::lwp, 1, at, Detail::two_lines, false});
    return scene;
}

TEST(Motion, what_is_new_appears_in_its_place) {
    Motion motion;
    motion.advance(scene_with({10, 20, 30, 40}), 0.016f, 1);
    EXPECT_EQ(motion.find(42)->at.x, 10);
    EXPECT_LT(motion.find(42)->alpha, 1);
}

TEST(Motion, it_moves_without_a_jump_and_never_beyond_its_target) {
    Motion motion;
    motion.settle(scene_with({0, 0, 30, 40}));
    float last = 0, largest_step = 0;
    for (int frame = 0; frame < 200; frame++) {
        motion.advance(scene_with({300, 0, 30, 40}), 1.0f / 60, 1);
        float x = motion.find(42)->at.x;
        EXPECT_GE(x, last);
        EXPECT_LE(x, 300);
        largest_step = std::max(largest_step, x - last);
        last = x;
    }
    EXPECT_LT(largest_step, 40) << "a third of a second, not a frame";
    EXPECT_EQ(last, 300);
    EXPECT_TRUE(motion.resting());
}

TEST(Motion, a_new_target_on_the_way_bends_the_path) {
    Motion motion;
    motion.settle(scene_with({0, 0, 30, 40}));
    for (int frame = 0; frame < 6; frame++)
        motion.advance(scene_with({300, 0, 30, 40}), 1.0f / 60, 1);
    float before = motion.find(42)->at.x, speed = motion.find(42)->velocity.x;
    motion.advance(scene_with({0, 0, 30, 40}), 1.0f / 60, 1);
    float moved = motion.find(42)->at.x - before;
    EXPECT_LT(std::abs(moved - speed / 60), std::abs(speed / 60))
        << "it goes on and slows down first";
    EXPECT_LT(motion.find(42)->velocity.x, speed);
}

TEST(Motion, any_frame_time_is_stable) {
    for (float seconds : {0.0001f, 0.016f, 0.5f, 10.0f}) {
        Motion motion;
        motion.settle(scene_with({0, 0, 30, 40}));
        for (int frame = 0; frame < 50; frame++)
            motion.advance(scene_with({300, 0, 30, 40}), seconds, 3);
        EXPECT_GE(motion.find(42)->at.x, 0);
        EXPECT_LE(motion.find(42)->at.x, 300);
    }
}

TEST(Motion, what_is_gone_fades_and_is_forgotten) {
    Motion motion;
    motion.settle(scene_with({0, 0, 30, 40}));
    motion.advance(Scene(), 0.05f, 1);
    ASSERT_NE(motion.find(42), nullptr);
    EXPECT_LT(motion.find(42)->alpha, 1);
    motion.advance(Scene(), 1, 1);
    motion.advance(Scene(), 1, 1);
    EXPECT_EQ(motion.find(42), nullptr);
}

} // namespace
