// SPDX-License-Identifier: BSD-2-Clause
// An intrusive ring: a list whose objects can leave it, and which can be emptied into another one,
// without anybody knowing which object is on which ring.
//
//   head ⇄ first ⇄ … ⇄ last ⇄ head        two pointers per object, none to the ring
//
// That is what a timing wheel needs: a tick moves the whole content of a bucket to the list of what
// is to do, in the same few instructions whether it holds one object or ten thousand, and an object
// can be taken off wherever it has got to.
//
// Rules
//   - T derives from lib::Ringed. An object is on at most one ring.
//   - No lock in here: the owner of the ring says which lock protects it.
// Invariants
//   (1) An object is on a ring exactly if its `next` is not null; putting it on twice or taking it
//       off twice is caught.
// Why is an empty ring null and not a head that points to itself? So that a thousand empty rings
// are zeroed memory and take no room in the kernel's image. A ring that once held something, and is
// empty again, does point to itself; both count as empty.
// Why not lib::List? Its objects must be told which list they are on before they can leave it.
// Read next: callout/wheel.hpp
#pragma once

#include "lib/list.hpp"

namespace lib {

struct Ringed {
    Ringed* next = nullptr;
    Ringed* previous = nullptr;

    [[nodiscard]] bool on_ring() const { return next != nullptr; }
};

template <class T> class Ring {
public:
    constexpr Ring() = default;
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    [[nodiscard]] bool empty() const { return head_.next == nullptr || head_.next == &head_; }
    [[nodiscard]] T* front() const { return empty() ? nullptr : static_cast<T*>(head_.next); }
    /// The object behind this one on this ring, or null.
    [[nodiscard]] T* after(const T& item) const {
        return item.next == &head_ ? nullptr : static_cast<T*>(item.next);
    }

    void push_back(T& item) {
        if (item.on_ring()) // (1)
            misused("an object is put on a ring while it is on one");

        close();
        join(*head_.previous, item);
        join(item, head_);
    }

    /// Takes the object off whatever ring it is on.
    static void remove(T& item) {
        if (!item.on_ring()) // (1)
            misused("an object is removed from a ring that it is not on");

        join(*item.previous, *item.next);
        item.next = item.previous = nullptr;
    }

    /// Moves all objects of `other` behind those of this ring, however many there are.
    void take_all(Ring& other) {
        if (other.empty())
            return;
        close();
        join(*head_.previous, *other.head_.next);
        join(*other.head_.previous, head_);
        other.head_.next = other.head_.previous = nullptr;
    }

private:
    static void join(Ringed& left, Ringed& right) {
        left.next = &right;
        right.previous = &left;
    }
    void close() {
        if (head_.next == nullptr)
            join(head_, head_);
    }

    Ringed head_;
};

} // namespace lib
