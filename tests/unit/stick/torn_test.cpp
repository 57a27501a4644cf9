#include <catch2/catch.hpp>

#include "protocol/stick/block_scanner.h"
#include "protocol/stick/segment_reader.h"
#include "tests/unit/stick/sticks.h"

namespace satchel::protocol {
namespace {

using core::Bytes;
using core::ByteView;
using core::Lane;
using tests::bundles;
using tests::Node;
using tests::Stick;
using tests::Village;

/// A small stick by one site, and where each bundle's block lies in its one segment.
struct Small {
  Village village;
  Stick stick;
  std::string segment;
  Bytes bytes;
  struct Block {
    std::uint64_t begin;
    std::uint64_t end;
    BlockKind kind;
  };
  std::vector<Block> blocks;

  Small() {
    Node& east = *village.east;
    for (const std::size_t size : {30U, 80U, 45U}) village.write(east, Lane::record, size);
    tests::meet(east, *village.hub);
    REQUIRE(*east.shelf->set_receipt(village.issue(1)));  // a receipt goes first on the stick
    tests::forget(*village.hub);
    core::Receipt none = village.issue(1, 2);  // of a hub that was set up anew: everything is wanted again
    REQUIRE(*east.shelf->set_receipt(none));
    REQUIRE(stick.write(east));
    REQUIRE(stick.files('s').size() == 1);
    segment = stick.files('s')[0];
    bytes = stick.raw(segment);
    MemorySource source{bytes};
    BlockScanner scanner{source};
    while (const auto found = scanner.next()) {
      blocks.push_back({found->offset, found->offset + kBlockOverhead + found->head.length, found->head.kind});
    }
    REQUIRE(bundle_blocks() == 3);
  }
  std::size_t bundle_blocks() const {
    return static_cast<std::size_t>(std::ranges::count(blocks, BlockKind::bundle, &Block::kind));
  }
  /// Bundles whose blocks end at or before `n`.
  std::size_t whole_before(std::uint64_t n) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(blocks, [&](const Block& block) { return block.kind == BlockKind::bundle && block.end <= n; }));
  }
};

TEST_CASE("a stick that was torn at any byte gives every bundle before the tear, and says that it was torn") {
  Small small;
  Node& hub = *small.village.hub;
  for (std::size_t n = 0; n < small.bytes.size(); ++n) {
    INFO("torn at " << n << " of " << small.bytes.size());
    tests::forget(hub);
    small.stick.raw(small.segment) = core::to_bytes(ByteView{small.bytes}.first(n));
    const auto read = small.stick.read(hub);
    REQUIRE(read);
    CHECK(bundles(*read) >= small.whole_before(n));
    CHECK(bundles(*read) <= small.whole_before(n) + 1);  // the body may be whole where the closing digest is not
    CHECK(read->damage_count > 0);
    REQUIRE(tests::faults(hub) == 0);
  }
}

TEST_CASE("after any tear a new write brings what was lost") {
  Small small;
  Node& hub = *small.village.hub;
  for (std::size_t n = 0; n < small.bytes.size(); n += 61) {
    INFO("torn at " << n << " of " << small.bytes.size());
    Stick stick = small.stick;
    tests::forget(hub);
    stick.raw(small.segment) = core::to_bytes(ByteView{small.bytes}.first(n));
    REQUIRE(stick.read(hub));
    REQUIRE(stick.write(*small.village.east));
    const auto read = stick.read(hub);
    REQUIRE(read);
    CHECK(hub.shelf->frontier() == small.village.east->shelf->frontier());
    CHECK(read->damage_count == 0);
  }
}

TEST_CASE("any flipped byte of a segment is found and reported, and every other bundle goes through") {
  Small small;
  Node& hub = *small.village.hub;
  for (std::size_t i = 0; i < small.bytes.size(); ++i) {
    INFO("byte " << i << " of " << small.bytes.size());
    tests::forget(hub);
    small.stick.raw(small.segment) = small.bytes;
    small.stick.raw(small.segment)[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    const auto read = small.stick.read(hub);
    REQUIRE(read);
    REQUIRE(read->damage_count > 0);
    CHECK(read->damages[0].file == small.segment);
    const bool in_bundle = std::ranges::any_of(small.blocks, [&](const Small::Block& block) {
      return block.kind == BlockKind::bundle && block.begin <= i && i < block.end;
    });
    CHECK(bundles(*read) >= (in_bundle ? 2U : 3U));
    REQUIRE(tests::faults(hub) == 0);
  }
}

TEST_CASE("a segment that a reader found damaged is written anew, although it has its length") {
  Small small;
  Node& hub = *small.village.hub;
  for (std::size_t i = 5; i < small.bytes.size(); i += 83) {
    INFO("byte " << i);
    Stick stick = small.stick;
    tests::forget(hub);
    stick.raw(small.segment)[i] ^= 0x01;
    REQUIRE(stick.read(hub));
    const auto again = stick.write(*small.village.east);
    CHECK(again);
    const auto read = stick.read(hub);
    REQUIRE(read);
    CHECK(hub.shelf->frontier() == small.village.east->shelf->frontier());
    CHECK(read->damage_count == 0);
    CHECK(stick.files('s') != std::vector{small.segment});
  }
}

TEST_CASE("any flipped byte of a manifest or of another reader's note is reported, and every bundle goes through") {
  Small small;
  Node& hub = *small.village.hub;
  for (const char kind : {'m', 'n'}) {
    const std::string file = small.stick.files(kind)[0];
    const Bytes sound = small.stick.raw(file);
    for (std::size_t i = 0; i < sound.size(); ++i) {
      INFO(file << " byte " << i);
      tests::forget(hub);
      small.stick.raw(file) = sound;
      small.stick.raw(file)[i] ^= 0x01;
      const auto read = small.stick.read(hub);
      REQUIRE(read);
      CHECK(bundles(*read) == 3);
      CHECK(read->damage_count == 1);
      CHECK(read->damages[0].file == file);
    }
    small.stick.raw(file) = sound;
  }
}

TEST_CASE("a flipped byte of a bundle file is found and reported, and the rest goes through") {
  Small small;
  Node& hub = *small.village.hub;
  const std::string path = tests::kStickPath + "/mail";
  for (std::size_t i = 0; i < small.bytes.size(); i += 7) {
    tests::forget(hub);
    Bytes flipped = small.bytes;
    flipped[i] ^= 0x40;
    REQUIRE(small.stick.disk.write_atomic(path, flipped));
    const auto read = read_bundle_file(small.stick.disk, path, *hub.shelf, hub.membership);
    REQUIRE(read);
    INFO("byte " << i);
    CHECK(read->damage_count > 0);
    CHECK(bundles(*read) >= 2);
  }
}

TEST_CASE("of a large body that is torn, what is proven is kept, and another stick brings the rest") {
  Village village;
  village.write(*village.east, Lane::photo, 100'000, core::kToHub, ChunkSize::k16);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  Stick torn = stick;
  const std::string segment = stick.files('s')[0];
  torn.raw(segment).resize(60'000);
  REQUIRE(torn.read(*village.hub));
  REQUIRE(village.hub->shelf->partials().size() == 1);
  CHECK(village.hub->shelf->partials()[0].offset > 50'000);
  CHECK(bundles(*stick.read(*village.hub)) == 1);
  CHECK(tests::faults(*village.hub) == 0);
}

TEST_CASE("two files that a repair tool glued together still give what is whole in each") {
  Small small;
  Node& hub = *small.village.hub;
  Bytes glued = core::to_bytes(ByteView{small.bytes}.first(small.bytes.size() - 10));
  core::append(glued, small.bytes);
  tests::forget(hub);
  small.stick.raw(small.segment) = glued;
  const auto read = small.stick.read(hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 3);
  CHECK(read->damage_count > 0);
}

}  // namespace
}  // namespace satchel::protocol
