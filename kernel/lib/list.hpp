// SPDX-License-Identifier: BSD-2-Clause
// An intrusive doubly linked list: the links live in the objects, so putting something on a list
// never allocates and never fails.
//
//   struct Lwp { Link<Lwp> queue_link; };            the object brings the link
//   List<Lwp, &Lwp::queue_link> run_queue;           the list names which link it uses
//
// Rules
//   - The list does not own its objects. Whoever frees an object takes it off its lists first.
//   - A link is on one list at a time. An object that can be on two lists at once has two links.
//   - No lock in here: the owner of the list says which lock protects it.
// Invariants
//   (1) A link says whether it is on a list; inserting it twice or removing it twice is caught.
// Why not a ring through a head node? An empty list would point at itself, so arrays of lists (the
// callout wheels have a thousand each) would take room in the kernel's image instead of in zeroed
// memory. Why not std::list? It allocates.
// Read next: sched/lwp.hpp
#pragma once

#include "lib/types.hpp"

namespace lib {

/// What a list reports misuse to. Defined by hart/panic.cpp; lib knows nothing of kernels.
[[noreturn, gnu::cold]] void misused(const char* what);

template <class T> struct Link {
    T* next = nullptr;
    T* previous = nullptr;
    bool linked = false;
};

template <class T, Link<T> T::*member> class List {
public:
    constexpr List() = default;
    List(const List&) = delete;
    List& operator=(const List&) = delete;

    [[nodiscard]] bool empty() const { return first_ == nullptr; }
    [[nodiscard]] T* front() const { return first_; }
    [[nodiscard]] static T* next(const T& item) { return (item.*member).next; }

    void push_back(T& item) { insert(item, last_, nullptr); }
    void push_front(T& item) { insert(item, nullptr, first_); }
    void insert_before(T& place, T& item) { insert(item, (place.*member).previous, &place); }

    void remove(T& item) {
        Link<T>& link = item.*member;
        if (!link.linked) // (1)
            misused("an object is removed from a list that it is not on");

        (link.previous != nullptr ? (link.previous->*member).next : first_) = link.next;
        (link.next != nullptr ? (link.next->*member).previous : last_) = link.previous;
        set(link, nullptr, nullptr, false);
    }

    /// The first object, taken off the list; null if there is none.
    T* pop_front() {
        T* item = first_;
        if (item != nullptr)
            remove(*item);
        return item;
    }

    /// Moves all objects of `other` behind those of this list.
    void take_all(List& other) {
        if (other.empty())
            return;
        if (last_ != nullptr) {
            (last_->*member).next = other.first_;
            (other.first_->*member).previous = last_;
        } else {
            first_ = other.first_;
        }
        last_ = other.last_;
        other.first_ = other.last_ = nullptr;
    }

private:
    // Member by member: GCC 12 assigns the whole struct to riscv64 memory byte by byte.
    static void set(Link<T>& link, T* next, T* previous, bool linked) {
        link.next = next;
        link.previous = previous;
        link.linked = linked;
    }

    void insert(T& item, T* previous, T* next) {
        Link<T>& link = item.*member;
        if (link.linked) // (1)
            misused("an object is put on a list while it is on one");

        set(link, next, previous, true);
        (previous != nullptr ? (previous->*member).next : first_) = &item;
        (next != nullptr ? (next->*member).previous : last_) = &item;
    }

    T* first_ = nullptr;
    T* last_ = nullptr;
};

} // namespace lib
