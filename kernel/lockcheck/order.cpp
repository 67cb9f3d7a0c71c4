// SPDX-License-Identifier: BSD-2-Clause
#include "lockcheck/order.hpp"

#include "hart/ipl.hpp"
#include "hart/mutation.hpp"
#include "lockcheck/report.hpp"

namespace lockcheck {

namespace {

constexpr unsigned max_nodes = 128; // node 0 is none
constexpr unsigned max_edges = 768;
constexpr unsigned words = max_nodes / 64;

struct Node {
    const char* name;
    Nature nature;
};

/// Who had one, where it was entered; and wanted the other, where.
struct Edge {
    u8 from, to;
    Site had;
    Visit wanted;
};

class Row {
public:
    [[nodiscard]] bool has(unsigned node) const { return (bits_[node / 64] >> node % 64 & 1) != 0; }
    void add(unsigned node) { bits_[node / 64] |= u64{1} << node % 64; }

private:
    u64 bits_[words] = {};
};

constinit trace::RawLock graph_lock; // protects all of this; `known` is glanced at without
constinit Node nodes[max_nodes] = {};
constinit unsigned node_count = 1;
constinit Edge edges[max_edges] = {};
constinit unsigned edge_count = 0;
constinit Row known[max_nodes];   // edges that have been seen
constinit Row follows[max_nodes]; // … and closed no circle

bool same(const char* a, const char* b) {
    for (; *a == *b; a++, b++)
        if (*a == 0)
            return true;
    return false;
}

/// The class of a record; 0 if there is no room for one more.
u8 node_of(Record& record) {
    if (record.node != 0)
        return record.node;
    trace::RawLock::Guard guard(graph_lock);
    for (unsigned node = 1; node < node_count && record.node == 0; node++)
        if (nodes[node].nature == record.nature && same(nodes[node].name, record.name))
            record.node = static_cast<u8>(node);
    if (record.node == 0 && node_count < max_nodes) {
        nodes[node_count] = {record.name, record.nature};
        record.node = static_cast<u8>(node_count++);
    }
    return record.node;
}

/// The edges of a circle, in order.
struct Circle {
    Edge edges[max_nodes] = {};
    unsigned length = 0;
};

const Edge* edge_between(unsigned from, unsigned to) {
    for (unsigned i = 0; i < edge_count; i++)
        if (edges[i].from == from && edges[i].to == to)
            return &edges[i];
    return nullptr;
}

/// The shortest way from the end of this edge back to its beginning, breadth first. False: none.
bool find_circle(const Edge& closing, Circle& circle) {
    u8 queue[max_nodes], from[max_nodes] = {}; // from: the node before; 0: not reached
    unsigned begin = 0, end = 0;
    queue[end++] = closing.to;
    from[closing.to] = closing.to;
    while (begin < end && from[closing.from] == 0) {
        u8 node = queue[begin++];
        for (unsigned next = 1; next < node_count; next++) {
            if (!follows[node].has(next) || from[next] != 0)
                continue;
            from[next] = node;
            queue[end++] = static_cast<u8>(next);
        }
    }
    if (from[closing.from] == 0)
        return false;
    unsigned steps = 0;
    for (u8 node = closing.from; node != closing.to; node = from[node])
        steps++;
    circle.length = steps + 1;
    circle.edges[0] = closing;
    for (u8 node = closing.from; node != closing.to; node = from[node])
        circle.edges[steps--] = *edge_between(from[node], node);
    return true;
}

bool has(const Circle& circle, Nature nature) {
    for (unsigned i = 0; i < circle.length; i++)
        if (nodes[circle.edges[i].from].nature == nature)
            return true;
    return false;
}

void add_node(lib::Line& line, const Node& node) {
    line.add(node.nature == Nature::level      ? "level "
             : node.nature == Nature::function ? "function "
                                               : "",
             node.name);
}

/// Who made this edge, in words.
lib::Line told(const Edge& edge) {
    const Node& first = nodes[edge.from];
    const Node& then = nodes[edge.to];
    lib::Line line;
    line.add("    ", name_of(edge.wanted.lwp));
    if (then.nature == Nature::level) {
        line.add(" had ", first.name, " since ", edge.had.file(), ":", edge.had.line(), ", with ");
        add_node(line, then);
        line.add(" not held off");
        return line;
    }
    if (first.nature == Nature::level || first.nature == Nature::function)
        line.add(", in ");
    else
        line.add(", which had ");
    add_node(line, first);
    if (first.nature != Nature::level)
        line.add(" since ", edge.had.file(), ":", edge.had.line());
    line.add(then.nature == Nature::function ? ", wanted the end of " : ", wanted ", then.name,
             " at ", edge.wanted.site.file(), ":", edge.wanted.site.line());
    return line;
}

void report(const Circle& circle) {
    ReportKind kind = has(circle, Nature::level)      ? ReportKind::interrupt_safety
                      : has(circle, Nature::function) ? ReportKind::deadlock
                                                      : ReportKind::lock_order;
    lib::Line sentence;
    sentence.add("these can wait for each other in a circle: ");
    for (unsigned i = 0; i < circle.length; i++) {
        sentence.add(i == 0 ? "" : ", ");
        add_node(sentence, nodes[circle.edges[i].from]);
    }
    Report report(kind, sentence);
    for (unsigned i = 0; i < circle.length; i++)
        report.tell(told(circle.edges[i]));
}

void report_same_class(const Edge& edge) {
    Report report(ReportKind::lock_order,
                  "two locks of one class are held at a time, in no order "
                  "that could be checked: ",
                  nodes[edge.from].name);
    report.tell(told(edge));
}

enum class Learnt : u8 { nothing, edge, circle };

/// Puts the edge into the graph, unless it closes a circle.
Learnt add(const Edge& edge, Circle& circle) {
    trace::RawLock::Guard guard(graph_lock);
    if (known[edge.from].has(edge.to))
        return Learnt::nothing; // another hart was first
    known[edge.from].add(edge.to);
    if (edge_count == max_edges) {
        disarm("there are too many orders of locks");
        return Learnt::nothing;
    }
    if (edge.from == edge.to || find_circle(edge, circle))
        return Learnt::circle;
    edges[edge_count++] = edge;
    follows[edge.from].add(edge.to);
    return Learnt::edge;
}

void learn(const Holding& first, Record& then, Site site) {
    Edge edge{node_of(*first.record), node_of(then), first.site, {site, current_id()}};
    if (edge.from == edge.to && then.twins == Twins::by_address && first.record < &then)
        return;
    if (edge.from == 0 || edge.to == 0)
        return disarm("there are too many classes of locks");
    if (known[edge.from].has(edge.to) || hart::mutated(hart::Mutation::blind_order))
        return;
    static constinit Circle circle; // too large for a stack
    static constinit trace::RawLock circle_lock;
    trace::RawLock::Guard guard(circle_lock);
    if (add(edge, circle) != Learnt::circle)
        return;
    if (edge.from == edge.to)
        report_same_class(edge);
    else
        report(circle);
}

/// Blocking lets the big lock go, so it is no part of an order among what LWPs block for.
bool is_ordered(Nature first, Nature then) {
    if (first == Nature::big)
        return then == Nature::spins;
    if (then == Nature::big)
        return first == Nature::spins || first == Nature::level || first == Nature::function;
    return true;
}

} // namespace

void learn_wanted(Record& then, Site site) {
    const Holdings& own = own_holdings();
    if (Level level = context_level(); level != hart::ipl::none)
        learn({&level_record(level), {}, Hold::exclusive}, then, site);
    for (unsigned i = own.begin_of_function(); i < own.count; i++) {
        const Holding& first = own.held[i];
        if (first.record != &then && is_ordered(first.record->nature, then.nature))
            learn(first, then, site);
    }
}

void learn_open_levels(Record& lock, Site site) {
    Level now = arch::current().level;
    for (Level level = now < hart::ipl::softclock ? hart::ipl::softclock : now + 1;
         level <= hart::ipl::clock; level++)
        learn({&lock, site, Hold::exclusive}, level_record(level), site);
}

void forget_orders() {
    trace::RawLock::Guard guard(graph_lock);
    edge_count = 0;
    for (unsigned node = 0; node < max_nodes; node++)
        known[node] = follows[node] = {};
}

OrderCounts order_counts() {
    return {node_count - 1, edge_count};
}

} // namespace lockcheck
