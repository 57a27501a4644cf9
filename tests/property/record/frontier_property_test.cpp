#include <rapidcheck/catch.h>

#include "core/record/frontier.h"
#include "tests/property/record/logs.h"

using namespace satchel;
using core::Frontier;

namespace {

Frontier any_frontier() {
  Frontier out;
  const auto count = tests::below<int>(12);
  for (int i = 0; i < count; ++i) out.raise(tests::any_log(), tests::any_seq());
  return out;
}

Frontier merged(Frontier a, const Frontier& b) {
  a.merge(b);
  return a;
}

bool covers_all(const Frontier& large, const Frontier& small) {
  return std::ranges::all_of(small.entries(), [&](const auto& entry) { return large.at(entry.first) >= entry.second; });
}

}  // namespace

TEST_CASE("merging frontiers asks for no order, no grouping and no counting") {
  rc::prop("commutative, associative, idempotent, with the empty one as zero", [] {
    const Frontier a = any_frontier();
    const Frontier b = any_frontier();
    const Frontier c = any_frontier();
    RC_ASSERT(merged(a, b) == merged(b, a));
    RC_ASSERT(merged(merged(a, b), c) == merged(a, merged(b, c)));
    RC_ASSERT(merged(a, a) == a);
    RC_ASSERT(merged(a, {}) == a);
    RC_ASSERT(merged({}, a) == a);
  });
}

TEST_CASE("a merged frontier covers both and nothing more") {
  rc::prop("it is the least that covers both", [] {
    const Frontier a = any_frontier();
    const Frontier b = any_frontier();
    const Frontier both = merged(a, b);
    RC_ASSERT(covers_all(both, a) && covers_all(both, b));
    for (const auto& [log, seq] : both.entries()) RC_ASSERT(a.at(log) == seq || b.at(log) == seq);
  });
}

TEST_CASE("the bytes of a frontier say exactly what it says") {
  rc::prop("there and back", [] {
    const Frontier a = any_frontier();
    const auto back = core::decode_frontier(core::encode(a));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == a);
  });
  rc::prop("any bytes are refused or are the one form of something", [](const core::Bytes& bytes) {
    const auto read = core::decode_frontier(bytes);
    RC_ASSERT((!read || core::encode(*read) == bytes));
  });
  rc::prop("a changed byte is refused or is the one form of something else", [] {
    core::Bytes bytes = core::encode(any_frontier());
    bytes[tests::below(bytes.size())] = *rc::gen::arbitrary<std::uint8_t>();
    const auto read = core::decode_frontier(bytes);
    RC_ASSERT((!read || core::encode(*read) == bytes));
  });
}
