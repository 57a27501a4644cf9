#include <catch2/catch.hpp>

#include "core/crypto/hash.h"
#include "protocol/limits.h"
#include "protocol/stick/block.h"
#include "protocol/stick/block_scanner.h"
#include "protocol/stick/manifest.h"
#include "protocol/stick/names.h"
#include "protocol/stick/note.h"
#include "tests/unit/stick/sticks.h"

namespace satchel::protocol {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Lane;
using core::Seq;
using tests::Village;

TEST_CASE("a block comes back as one, and no flipped, missing or further byte passes") {
  const Bytes content{1, 2, 3, 4, 5};
  const Bytes block = make_block(BlockKind::receipt, content);
  CHECK(block.size() == kBlockOverhead + content.size());
  CHECK(single_block(block, BlockKind::receipt) == content);
  CHECK_FALSE(single_block(block, BlockKind::member));
  for (std::size_t i = 0; i < block.size(); ++i) {
    Bytes flipped = block;
    flipped[i] ^= 0x01;
    CHECK_FALSE(single_block(flipped, BlockKind::receipt));
    CHECK_FALSE(single_block(ByteView{block}.first(i), BlockKind::receipt));
  }
  Bytes longer = block;
  longer.push_back(0);
  CHECK_FALSE(single_block(longer, BlockKind::receipt));
  CHECK(single_block(make_block(BlockKind::note, {}), BlockKind::note) == Bytes{});
}

TEST_CASE("kinds that do not exist have no sound head") {
  for (const unsigned kind : {0U, 7U, 255U}) {
    CHECK_FALSE(parse_block_head(block_head({static_cast<BlockKind>(kind), 5})));
  }
  CHECK(parse_block_head(block_head({BlockKind::note, 0xFFFFFFFF}))->length == 0xFFFFFFFF);
}

TEST_CASE("a scanner finds every block among rubbish, and says where the rubbish began") {
  Bytes bytes{0x89, 'S', 'A', 'T', 1, 2, 3};
  const Bytes one = make_block(BlockKind::member, Bytes(10, 1));
  const Bytes two = make_block(BlockKind::receipt, Bytes(20, 2));
  core::append(bytes, one);
  core::append(bytes, two);
  core::append(bytes, Bytes(100, 0x89));
  core::append(bytes, one);
  bytes.push_back(9);
  MemorySource source{bytes};
  BlockScanner scanner{source};
  auto found = scanner.next();
  REQUIRE(found);
  CHECK(found->offset == 7);
  CHECK(scanner.damaged_at() == 0U);
  found = scanner.next();
  REQUIRE(found);
  CHECK(found->head.kind == BlockKind::receipt);
  CHECK_FALSE(scanner.damaged_at());
  found = scanner.next();
  REQUIRE(found);
  CHECK(scanner.damaged_at() == 7 + one.size() + two.size());
  CHECK_FALSE(scanner.next());
  CHECK(scanner.damaged_at() == bytes.size() - 1);
}

TEST_CASE("a marker is found wherever it lies, also across the border of what is read at once") {
  const Bytes block = make_block(BlockKind::member, Bytes(10, 1));
  for (const std::size_t before : {65'529U, 65'530U, 65'535U, 65'536U, 65'537U, 131'000U, 131'065U}) {
    Bytes bytes(before, 0x89);
    core::append(bytes, block);
    MemorySource source{bytes};
    BlockScanner scanner{source};
    const auto found = scanner.next();
    REQUIRE(found);
    CHECK(found->offset == before);
    CHECK_FALSE(scanner.next());
  }
}

// --- names

TEST_CASE("file names are eight and three, and come back") {
  for (const std::uint32_t node : {0U, 1U, 35U, 36U, 1'679'615U}) {
    for (const std::uint32_t counter : {0U, 1U, 46'655U}) {
      const StickName name{StickName::Kind::segment, {node}, counter};
      const std::string text = file_name(name);
      CHECK(text.size() == 12);
      const auto back = parse_file_name(text);
      REQUIRE(back);
      CHECK(back->node.value == node);
      CHECK(back->counter == counter);
      CHECK(back->kind == StickName::Kind::segment);
    }
    CHECK(parse_file_name(file_name({StickName::Kind::manifest, {node}, 1}))->kind == StickName::Kind::manifest);
    CHECK(parse_file_name(file_name({StickName::Kind::note, {node}, 0}))->kind == StickName::Kind::note);
  }
  CHECK(file_name({StickName::Kind::segment, {38}, 10}) == "0012s00a.sat");
  CHECK(parse_file_name("0012S00A.SAT")->counter == 10);
}

TEST_CASE("every other name is somebody else's file") {
  for (const char* name : {"",
                           ".sat",
                           "0012.sat",
                           "0012s.sat",
                           "0012s00.sat",
                           "0012s00a0.sat",
                           "0012m2.sat",
                           "0012m.sat",
                           "0012m01.sat",
                           "0012n0.sat",
                           "0012x00a.sat",
                           "0012s00a.sa",
                           "0012s00a.sat ",
                           " 0012s00a.sat",
                           "0012s0\xC3\xA9.sat",
                           "00-2s00a.sat",
                           "../0012s00a.sat",
                           "0012s00a.sat.new",
                           "0012s/../.sat",
                           "autorun.inf",
                           "._0012s00a.sat"}) {
    INFO(name);
    CHECK_FALSE(parse_file_name(name));
  }
}

// --- manifest

Manifest sample() {
  const core::LogId log{{core::NodeNumber{7}, core::Incarnation{0x1122}}, core::kToHub, Lane::photo};
  Manifest out{core::NodeNumber{7}, 3, {}};
  out.segments.push_back({0, 1000, core::hash(core::as_bytes("a")), 1, 5, {{log, Seq{1}, Seq{9}}}});
  out.segments.push_back({46'655, 64ULL << 20, core::hash(core::as_bytes("b")), 0, 0, {}});
  return out;
}

TEST_CASE("a manifest comes back as it was, and its head is read alone") {
  const Manifest manifest = sample();
  const Bytes file = encode_file(manifest);
  const auto back = decode_manifest_file(file);
  REQUIRE(back);
  CHECK(*back == manifest);
  CHECK(encode_file(*back) == file);
  const auto head = decode_manifest_head(ByteView{file}.first(kBlockHeadSize + kManifestHeadSize));
  REQUIRE(head);
  CHECK(head->generation == 3);
  CHECK(head->writer == core::NodeNumber{7});
  CHECK(head->list_hash == list_hash(manifest));
  CHECK_FALSE(decode_manifest_head(ByteView{file}.first(20)));
  CHECK_FALSE(decode_manifest_head(make_block(BlockKind::note, Bytes(kManifestHeadSize - kBlockDigestSize))));
}

TEST_CASE("no flipped, missing or further byte of a manifest passes") {
  const Bytes file = encode_file(sample());
  for (std::size_t i = 0; i < file.size(); ++i) {
    Bytes flipped = file;
    flipped[i] ^= 0x20;
    CHECK(decode_manifest_file(flipped).error().code == Code::kStickBad);
    CHECK(decode_manifest_file(ByteView{file}.first(i)).error().code == Code::kStickBad);
  }
  Bytes longer = file;
  longer.push_back(0);
  CHECK(decode_manifest_file(longer).error().code == Code::kStickBad);
}

/// A manifest with a list of any bytes, its hashes right.
Code refusal_of_list(ByteView list) {
  core::ByteWriter bound;
  bound.u32(7).u64(3).raw(list);
  core::ByteWriter content;
  content.u32(7).u64(3).raw(core::hash("satchel stick list", bound.bytes()).view()).raw(list);
  const auto out = decode_manifest_file(make_block(BlockKind::manifest, content.bytes()));
  return out ? Code::kInternal : out.error().code;
}

TEST_CASE("counts beyond the bytes, ranges backwards and logs that cannot be are refused") {
  const auto segment = [](std::uint64_t counter, std::uint64_t ranges) {
    core::ByteWriter out;
    out.varint(1).varint(counter).varint(100).raw(Bytes(32, 1)).varint(0).varint(0).varint(ranges);
    return out;
  };
  const auto range = [](core::ByteWriter out, std::uint8_t lane, std::uint64_t first, std::uint64_t last) {
    return out.u32_be(7).u64_be(1).u32_be(0).u8(lane).varint(first).varint(last).bytes();
  };
  CHECK(refusal_of_list(Bytes{0}) == Code::kInternal);  // nothing in it: sound
  CHECK(refusal_of_list(range(segment(0, 1), 3, 1, 2)) == Code::kInternal);
  CHECK(refusal_of_list(range(segment(0, 1), 4, 1, 2)) == Code::kStickBad);
  CHECK(refusal_of_list(range(segment(0, 1), 3, 0, 2)) == Code::kStickBad);
  CHECK(refusal_of_list(range(segment(0, 1), 3, 3, 2)) == Code::kStickBad);
  CHECK(refusal_of_list(range(segment(0, ~0ULL), 3, 1, 2)) == Code::kStickBad);
  CHECK(refusal_of_list(segment(1ULL << 32, 0).bytes()) == Code::kStickBad);
  CHECK(refusal_of_list(core::ByteWriter{}.varint(~0ULL).bytes()) == Code::kStickBad);
  CHECK(refusal_of_list({}) == Code::kStickBad);
}

TEST_CASE("ids are gathered into ranges") {
  const core::LogId log{{core::NodeNumber{7}, core::Incarnation{1}}, core::kToHub, Lane::photo};
  const core::LogId other{{core::NodeNumber{8}, core::Incarnation{1}}, core::kToHub, Lane::photo};
  const auto ranges = to_ranges({{log, Seq{3}}, {other, Seq{4}}, {log, Seq{1}}, {log, Seq{2}}, {log, Seq{5}}});
  CHECK(ranges == std::vector<Manifest::Range>{{log, Seq{1}, Seq{3}}, {log, Seq{5}, Seq{5}}, {other, Seq{4}, Seq{4}}});
  CHECK(holds(ranges, {log, Seq{2}}));
  CHECK_FALSE(holds(ranges, {log, Seq{4}}));
  CHECK_FALSE(holds(ranges, {other, Seq{5}}));
  CHECK(to_ranges({}).empty());
}

// --- note

TEST_CASE("a reader's note comes back when its signature fits, and not otherwise") {
  Village village;
  Note note{village.east->member.number, {}, {core::hash(core::as_bytes("bad"))}};
  note.frontier.raise(Village::log(*village.hub, Lane::record, core::Audience{1}), Seq{12});
  const core::CampaignId campaign = village.founding.id();
  const Bytes file = encode_file(note, campaign, village.east->identity.sign);
  const core::Membership& members = village.hub->membership;
  const auto back = decode_note_file(file, members);
  REQUIRE(back);
  CHECK(back->reader == note.reader);
  CHECK(back->frontier == note.frontier);
  CHECK(back->damaged == note.damaged);
  for (std::size_t i = 0; i < file.size(); ++i) {
    Bytes flipped = file;
    flipped[i] ^= 0x02;
    CHECK_FALSE(decode_note_file(flipped, members));
    CHECK_FALSE(decode_note_file(ByteView{file}.first(i), members));
  }
  CHECK(decode_note_file(encode_file(note, campaign, village.west->identity.sign), members).error().code == Code::kSignatureBad);
  CHECK(decode_note_file(encode_file(note, {1}, village.east->identity.sign), members).error().code == Code::kSignatureBad);
  note.reader.value = 99;
  CHECK(decode_note_file(encode_file(note, campaign, village.east->identity.sign), members).error().code ==
        Code::kPeerNotEnrolled);
}

}  // namespace
}  // namespace satchel::protocol
