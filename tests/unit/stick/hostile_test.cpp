#include <catch2/catch.hpp>

#include "protocol/limits.h"
#include "protocol/stick/block.h"
#include "protocol/stick/block_scanner.h"
#include "protocol/stick/manifest.h"
#include "protocol/stick/note.h"
#include "protocol/stick/segment_reader.h"
#include "tests/unit/stick/sticks.h"

namespace satchel::protocol {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Hash;
using core::Lane;
using core::Seq;
using tests::bundles;
using tests::Node;
using tests::Stick;
using tests::Village;

/// Counts what is read from it.
class CountingSource final : public ByteSource {
 public:
  explicit CountingSource(ByteView bytes) : under_(bytes) {}
  std::uint64_t size() const override { return under_.size(); }
  core::Result<Bytes> read(std::uint64_t offset, std::size_t n) override {
    bytes_read += n;
    return under_.read(offset, n);
  }
  std::uint64_t bytes_read = 0;

 private:
  MemorySource under_;
};

struct Taken {
  StickReport report;
  SegmentOutcome outcome;
  std::uint64_t bytes_read = 0;
};
Taken take(Node& node, ByteView segment) {
  CountingSource source{segment};
  Taken out;
  const auto outcome = read_segment(source, "x", *node.shelf, node.membership, out.report);
  REQUIRE(outcome);
  out.outcome = *outcome;
  out.bytes_read = source.bytes_read;
  return out;
}

Bytes bundle_block(const SealedBundle& sealed, const Hash& previous = {}) {
  core::ByteWriter content;
  content.raw(previous.view()).sized(sealed.header.bytes).raw(sealed.body);
  return make_block(BlockKind::bundle, content.bytes());
}

/// The head of a block that promises far more than follows.
Bytes cut_block(BlockKind kind, std::uint32_t length) { return block_head({kind, length}); }

// --- time and memory

TEST_CASE("a segment full of markers costs its own size and little more to read") {
  Village village;
  Bytes flood;
  while (flood.size() < 300'000) core::append(flood, kMarker);
  const Taken taken = take(*village.hub, flood);
  CHECK(taken.bytes_read <= 6 * flood.size());
  CHECK(taken.report.damage_count == 1);
}

TEST_CASE("a segment full of blocks that are cut costs a few times its own size to read") {
  Village village;
  Bytes flood;
  while (flood.size() < 300'000) {
    core::append(flood, cut_block(BlockKind::bundle, 0xFFFFFFF0));
    core::append(flood, Bytes(33, 0));  // a previous root, and a header of no length
  }
  const Taken taken = take(*village.hub, flood);
  CHECK(taken.bytes_read <= 30 * flood.size());
  CHECK(taken.report.damage_count > 1);
}

TEST_CASE("a sound header before each of many cut blocks makes reading no dearer") {
  Village village;
  const core::BundleId id{Village::log(*village.east, Lane::photo), Seq{1}};
  const SealedBundle sealed = village.seal_at(*village.east, id, {}, 60'000);
  core::ByteWriter front;
  front.raw(Hash{}.view()).sized(sealed.header.bytes);
  Bytes flood;
  while (flood.size() < 300'000) {
    core::append(flood, cut_block(BlockKind::bundle, 0xFFFFFFF0));
    core::append(flood, front.bytes());
  }
  CHECK(take(*village.hub, flood).bytes_read <= 30 * flood.size());
}

TEST_CASE("of many damages only the first are listed, and all are counted") {
  Village village;
  Bytes flood;
  for (int i = 0; i < 200; ++i) {
    core::append(flood, make_block(BlockKind::member, Bytes(10, 1)));
    flood.push_back(0);
  }
  const Taken taken = take(*village.hub, flood);
  CHECK(taken.report.damages.size() == kDamagesListed);
  CHECK(taken.report.damage_count == 400);
}

TEST_CASE("a certificate or a receipt of gigabytes is not read into memory") {
  Village village;
  for (const BlockKind kind : {BlockKind::opening, BlockKind::member, BlockKind::receipt}) {
    Bytes bytes = cut_block(kind, kNoteMax + 1);
    bytes.resize(kNoteMax + 1000);
    const Taken taken = take(*village.hub, bytes);
    CHECK(taken.report.damage_count >= 1);
    CHECK(taken.bytes_read <= 3 * bytes.size());
  }
}

TEST_CASE("lengths of four gigabytes and headers of no sense are refused, and the next block is still read") {
  Village village;
  const core::BundleId id{Village::log(*village.east, Lane::record), Seq{1}};
  const SealedBundle sealed = village.seal_at(*village.east, id, {}, 50);
  for (const Bytes& front :
       {cut_block(BlockKind::bundle, 0xFFFFFFFF), cut_block(BlockKind::member, 0xFFFFFFFF), make_block(BlockKind::bundle, {}),
        make_block(BlockKind::bundle, Bytes(32, 0)), make_block(BlockKind::bundle, Bytes(34, 0xFF)),
        make_block(BlockKind::bundle, Bytes(2000, 0)), make_block(BlockKind::receipt, {}), make_block(BlockKind::opening, {}),
        make_block(BlockKind::member, Bytes(500, 7)), make_block(BlockKind::manifest, Bytes(60, 0)),
        make_block(BlockKind::note, Bytes(60, 0))}) {
    tests::forget(*village.hub);
    Bytes segment = front;
    core::append(segment, bundle_block(sealed));
    const Taken taken = take(*village.hub, segment);
    CHECK(taken.report.damage_count >= 1);
    CHECK(bundles(taken.report) == 1);
  }
}

// --- contents

TEST_CASE("a sound block around a bundle that its author did not sign changes nothing here") {
  Village village;
  Node& hub = *village.hub;
  const core::BundleId id{Village::log(*village.east, Lane::record), Seq{1}};
  const SealedBundle forged = village.seal_at(*village.west, id, {}, 50);
  const Taken taken = take(hub, bundle_block(forged));
  REQUIRE(taken.report.damages.size() == 1);
  CHECK(taken.report.damages[0].error.code == Code::kSignatureBad);
  CHECK(hub.shelf->partials().empty());
  CHECK(hub.shelf->inbox()->empty());
}

TEST_CASE("a body that a courier changed under a right digest is refused") {
  Village village;
  Node& hub = *village.hub;
  const core::BundleId id{Village::log(*village.east, Lane::record), Seq{1}};
  SealedBundle sealed = village.seal_at(*village.east, id, {}, 50);
  sealed.body[10] ^= 1;
  const Taken taken = take(hub, bundle_block(sealed));
  REQUIRE(taken.report.damages.size() == 1);
  CHECK(taken.report.damages[0].error.code == Code::kHashBad);
  CHECK(hub.shelf->frontier().at(id.log) == Seq{0});
}

TEST_CASE("a body that is longer than its header says brings its own bytes and no more") {
  Village village;
  const core::BundleId id{Village::log(*village.east, Lane::record), Seq{1}};
  const SealedBundle sealed = village.seal_at(*village.east, id, {}, 50);
  SealedBundle longer = sealed;
  longer.body.resize(longer.body.size() + 100);
  CHECK(bundles(take(*village.hub, bundle_block(longer)).report) == 1);
  CHECK(*village.hub->shelf->read_body(id) == sealed.body);
}

TEST_CASE("what was refused for want of a certificate is taken when the certificate has come") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  const std::string segment = stick.files('s')[0];
  const Bytes whole = stick.raw(segment);
  Node& hub = *village.hub;
  hub.membership = core::Membership{village.founding};
  REQUIRE(hub.membership.add(hub.member));
  REQUIRE(hub.reopen());
  stick.raw(segment)[30] ^= 1;  // in the certificate
  const auto first = stick.read(hub);
  REQUIRE(first);
  CHECK(bundles(*first) == 0);
  REQUIRE(hub.membership.add(village.east->member));
  const auto second = stick.read(hub);
  REQUIRE(second);
  CHECK(bundles(*second) == 1);
}

TEST_CASE("a revoked author's bundles are reported and not taken") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  village.hub->membership.revoke({village.east->member.number, {}});
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 0);
  REQUIRE(read->damages.size() == 1);
  CHECK(read->damages[0].error.code == Code::kRevoked);
}

// --- manifests and notes

TEST_CASE("a manifest cannot make a reader believe that it has read what it has not") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  Stick honest;
  REQUIRE(honest.write(*village.east));
  const std::string segment = honest.files('s')[0];
  // A courier keeps the manifest and puts a harmless segment of the same length in the place of the real one.
  Stick courier = honest;
  Bytes& bytes = courier.raw(segment);
  const std::size_t size = bytes.size();
  core::ByteWriter opening;
  opening.u64_be(village.founding.id().value).raw(core::encode(village.east->member));
  Bytes harmless = make_block(BlockKind::opening, opening.bytes());
  const std::size_t rest = size - harmless.size();
  REQUIRE(rest > kBlockOverhead + 40);
  core::append(harmless, make_block(BlockKind::member, Bytes(rest - kBlockOverhead, 0)));
  bytes = harmless;
  REQUIRE(bytes.size() == size);
  REQUIRE(courier.read(*village.hub));
  CHECK(village.hub->shelf->frontier() == core::Frontier{});
  const auto read = honest.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 1);
}

TEST_CASE("a manifest that names files which are not there is reported, and the others are read") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  auto manifest = *decode_manifest_file(stick.raw(stick.files('m')[0]));
  Manifest::Segment ghost = manifest.segments[0];
  ghost.counter = 77;
  manifest.segments.push_back(ghost);
  manifest.generation += 1;
  stick.lay("0001m0.sat", encode_file(manifest));
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 1);
  REQUIRE(read->damage_count == 1);
  CHECK(read->damages[0].file == "0001s025.sat");
}

TEST_CASE("a manifest under another node's name counts for nobody") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  stick.lay("0002m0.sat", stick.raw(stick.files('m')[0]));
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 1);
  REQUIRE(read->damage_count == 1);
  CHECK(read->damages[0].file == "0002m0.sat");
}

TEST_CASE("a manifest or note of a size that no honest one has is not read into memory") {
  Village village;
  village.write(*village.east, Lane::record, 60);
  Stick stick;
  REQUIRE(stick.write(*village.east));
  stick.lay("0002m0.sat", Bytes(kManifestMax + 1));
  stick.lay("0002n.sat", Bytes(kNoteMax + 1));
  const auto read = stick.read(*village.hub);
  REQUIRE(read);
  CHECK(bundles(*read) == 1);
  CHECK(read->damage_count == 2);
  CHECK(read->bytes_read < 100'000);
}

TEST_CASE("a note that its reader did not sign frees nothing") {
  Village village;
  const core::BundleId news = village.write(*village.hub, Lane::record, 60, core::Audience{1});
  Stick stick;
  REQUIRE(stick.write(*village.hub));
  Note note{village.east->member.number, {}, {}};
  note.frontier.raise(news.log, Seq{1});
  const core::CampaignId campaign = village.founding.id();
  stick.lay("0001n.sat", encode_file(note, campaign, village.west->identity.sign));
  stick.lay("0002n.sat", encode_file(note, campaign, village.east->identity.sign));  // right, but in another's place
  static_cast<void>(stick.write(*village.hub));
  CHECK(village.hub->shelf->waiting()->at(core::lane_index(Lane::record)).bundles == 1);
  REQUIRE(stick.read(*village.relay));
  CHECK(village.relay->shelf->read_body(news));
  stick.lay("0001n.sat", encode_file(note, campaign, village.east->identity.sign));
  static_cast<void>(stick.write(*village.hub));
  CHECK(village.hub->shelf->waiting()->at(core::lane_index(Lane::record)).bundles == 0);
}

}  // namespace
}  // namespace satchel::protocol
