// One body that arrives in pieces of any size and order, with restarts and power cuts between them.
#include <rapidcheck/catch.h>

#include "protocol/limits.h"
#include "tests/unit/bundle/village.h"
#include "tests/unit/shelf/stores.h"

using namespace satchel;
using tests::Node;
using tests::Village;

namespace {

template <class T>
T below(T bound) {
  return *rc::gen::inRange<T>(0, bound);
}

struct Parcel {
  Village village;
  core::BundleId id{Village::log(*village.east, core::Lane::photo), core::Seq{1}};
  protocol::SealedBundle sealed;
  explicit Parcel(std::size_t size) : sealed(village.seal_at(*village.east, id, {}, size, protocol::ChunkSize::k16)) {}

  Node& empty_hub() {
    village.hub->store = core::MemoryStore{};
    RC_ASSERT(village.hub->reopen().has_value());
    return *village.hub;
  }
  void begin(Node& hub) const {
    const auto begun = hub.shelf->begin(sealed.header.bytes, core::Hash{});
    RC_ASSERT(begun.has_value());
  }
  std::map<core::Bytes, core::Bytes> at_once() {
    Node& hub = empty_hub();
    begin(hub);
    RC_ASSERT(hub.shelf->append(id, 0, sealed.body)->whole);
    RC_ASSERT(hub.shelf->finish(id).has_value());
    return tests::rows(hub.store, {core::keys::kChunk});
  }
};

}  // namespace

TEST_CASE("a body comes out the same however it was split, repeated, reordered and interrupted") {
  rc::prop("any arrival ends in the same rows", [] {
    Parcel parcel{1 + below<std::size_t>(60'000)};
    const auto expected = parcel.at_once();
    Node& hub = parcel.empty_hub();
    parcel.begin(hub);
    const core::ByteView body{parcel.sealed.body};
    bool whole = false;
    for (int step = 0; !whole; ++step) {
      std::uint64_t wanted = body.size();
      for (const protocol::Partial& partial : hub.shelf->partials()) wanted = partial.offset;
      // Mostly what is wanted; sometimes from before it, or from beyond it, or spoiled; in the end all the rest.
      const bool last = step > 20;
      const std::uint64_t from = last || below(3) > 0 ? wanted : below<std::uint64_t>(body.size() + 1);
      const std::uint64_t room = body.size() - from;
      const std::uint64_t n = last ? room : below(std::min<std::uint64_t>(room, 20'000) + 1);
      core::Bytes piece = core::to_bytes(body.subspan(from, n));
      if (!last && !piece.empty() && below(6) == 0) piece[below(piece.size())] ^= 0x40;
      const auto progress = hub.shelf->append(parcel.id, from, piece);
      RC_ASSERT(progress.has_value());
      whole = progress->whole;
      if (whole || last) continue;
      switch (below(8)) {
        case 0: RC_ASSERT(hub.reopen().has_value()); break;
        case 1: RC_ASSERT(hub.shelf->flush().has_value()); break;
        case 2:
          hub.shelf.reset();
          hub.store.crash();
          RC_ASSERT(hub.reopen().has_value());
          parcel.begin(hub);
          break;
        default: break;
      }
      // A cut may have taken the header, too.
      if (hub.shelf->partials().empty()) parcel.begin(hub);
    }
    RC_ASSERT(hub.shelf->finish(parcel.id).has_value());
    RC_ASSERT(tests::rows(hub.store, {core::keys::kChunk}) == expected);
    RC_ASSERT(hub.shelf->verify([](const core::BundleId&, const core::Error&) {})->faults == 0U);
  });
}
