#include "protocol/bundle/bundle.h"

#include <catch2/catch.hpp>
#include <iostream>

#include "core/crypto/hash.h"
#include "protocol/bundle/payload.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::protocol {
namespace {

using core::Bytes;
using core::ByteView;
using core::Code;

const core::BundleId kId{{{core::NodeNumber{1}, core::Incarnation{0x1122334455667788}}, core::kToHub, core::Lane::record},
                         core::Seq{7}};

struct Keys {
  tests::SeededRng rng{20};
  core::SignKeys author = core::make_sign_keys(rng);
  core::BoxKeys hub = core::make_box_keys(rng);
  core::BoxKeys recovery = core::make_box_keys(rng);
  core::BoxKeys stranger = core::make_box_keys(rng);
  Bytes group = Bytes(32, 9);
  core::Hash previous = core::hash(core::as_bytes("before"));

  SealRequest request(ByteView payload, ChunkSize size = ChunkSize::k16) const {
    return {kId, previous, {hub.public_key, recovery.public_key}, {}, payload, size};
  }
  SealedBundle seal(ByteView payload, ChunkSize size = ChunkSize::k16) {
    auto out = seal_bundle(request(payload, size), author, rng);
    REQUIRE(out);
    return *std::move(out);
  }
  Bytes random(std::size_t n) {
    Bytes out(n);
    rng.fill(out);
    return out;
  }
};

Code code_of(const core::Result<Bytes>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

/// As a recipient does it: parse, verify, open.
core::Result<Bytes> receive(ByteView header_bytes, ByteView body, const Keys& keys, const core::BoxKeys& with) {
  SATCHEL_TRY_ASSIGN(const Header header, parse_header(header_bytes));
  SATCHEL_TRY(verify_header(header, keys.previous, keys.author.public_key));
  return open_bundle(header, body, {&with, {}});
}

TEST_CASE("who has the content key opens the body without a recipient's key, and no changed or shortened one") {
  Keys keys;
  for (const std::size_t size : {1U, 16'368U, 16'369U, 100'000U}) {
    const Bytes payload = keys.random(size);
    const SealedBundle sealed = keys.seal(payload);
    const auto key = content_key(sealed.header, {&keys.hub, {}});
    REQUIRE(key);
    CHECK(open_content(sealed.header, sealed.body, key->view()).value() == payload);
    CHECK(code_of(open_content(sealed.header, sealed.body, keys.random(kContentKeySize))) == Code::kSealBroken);
    // The chunk list is not what the tags prove: from behind it on each byte counts.
    for (std::size_t at = sealed.header.list_size(); at < sealed.body.size(); at += 1 + size / 50) {
      Bytes changed = sealed.body;
      changed[at] ^= 1;
      CHECK(code_of(open_content(sealed.header, changed, key->view())) == Code::kSealBroken);
    }
  }
  const SealedBundle sealed = keys.seal(keys.random(100));
  CHECK_FALSE(content_key(sealed.header, {&keys.stranger, {}}));
}

TEST_CASE("a sealed bundle opens for each recipient and for nobody else") {
  Keys keys;
  for (const std::size_t size : {1U, 100U, 16'368U, 16'369U, 32'736U, 100'000U}) {
    const Bytes payload = keys.random(size);
    const SealedBundle sealed = keys.seal(payload);
    REQUIRE(sealed.body.size() == sealed.header.body_size());
    CHECK(*receive(sealed.header.bytes, sealed.body, keys, keys.hub) == payload);
    CHECK(*receive(sealed.header.bytes, sealed.body, keys, keys.recovery) == payload);
    CHECK(code_of(receive(sealed.header.bytes, sealed.body, keys, keys.stranger)) == Code::kSealBroken);
    CHECK(opens(sealed.header, {&keys.hub, {}}));
    CHECK_FALSE(opens(sealed.header, {&keys.stranger, keys.group}));
  }
}

TEST_CASE("the group key opens what goes to everyone") {
  Keys keys;
  SealRequest request = keys.request(core::as_bytes("news"));
  request.recipients.clear();
  request.group_key = keys.group;
  const auto sealed = seal_bundle(request, keys.author, keys.rng);
  REQUIRE(sealed);
  CHECK(core::as_text(*open_bundle(sealed->header, sealed->body, {nullptr, keys.group})) == "news");
  CHECK(opens(sealed->header, {nullptr, keys.group}));
  const Bytes other(32, 8);
  CHECK(code_of(open_bundle(sealed->header, sealed->body, {&keys.hub, other})) == Code::kSealBroken);
}

TEST_CASE("a header parses to what was sealed, for every audience and lane") {
  Keys keys;
  for (const core::Audience audience : {core::kToHub, core::kEveryone, core::Audience{1}, core::Audience{300'000}}) {
    for (const core::Lane lane : core::kLanes) {
      SealRequest request = keys.request(core::as_bytes("x"));
      request.id = {{{core::NodeNumber{70'000}, core::Incarnation{~0ULL}}, audience, lane}, core::Seq{~0ULL}};
      const auto sealed = seal_bundle(request, keys.author, keys.rng);
      REQUIRE(sealed);
      const auto parsed = parse_header(sealed->header.bytes);
      REQUIRE(parsed);
      CHECK(parsed->id == request.id);
      CHECK(parsed->root == sealed->header.root);
      CHECK(parsed->stanzas == sealed->header.stanzas);
      CHECK(parsed->ciphertext_size == sealed->header.ciphertext_size);
    }
  }
}

TEST_CASE("one record for two recipients costs at most 300 bytes, a photo at most 0.6 percent") {
  Keys keys;
  const Bytes record = keys.random(120);
  const SealedBundle small = keys.seal(record, ChunkSize::k64);
  const std::size_t overhead = small.header.bytes.size() + small.body.size() - record.size();
  std::cout << "overhead of one sealed record, two recipients: " << overhead << " B\n";
  CHECK(overhead <= 300);

  const Bytes photo = keys.random(120'000);
  const SealedBundle large = keys.seal(photo, ChunkSize::k64);
  const std::size_t more = large.header.bytes.size() + large.body.size() - photo.size();
  std::cout << "overhead on a photo of 120 kB: " << more << " B\n";
  CHECK(more * 1000 <= photo.size() * 6);
}

TEST_CASE("no single flipped byte of header or body passes") {
  Keys keys;
  const Bytes payload = keys.random(40'000);  // three chunks, so that the chunk list is there too
  const SealedBundle sealed = keys.seal(payload);
  REQUIRE(sealed.header.chunk_count() == 3);
  for (std::size_t i = 0; i < sealed.header.bytes.size(); ++i) {
    Bytes flipped = sealed.header.bytes;
    flipped[i] ^= 0x01;
    INFO("header byte " << i);
    REQUIRE_FALSE(receive(flipped, sealed.body, keys, keys.hub));
  }
  // A hash each: every byte of the list and around the chunks' ends, and a sample of the rest.
  for (std::size_t i = 0; i < sealed.body.size(); i += (i < 200 || i % 16'384 < 40 || i + 200 > sealed.body.size()) ? 1U : 97U) {
    Bytes flipped = sealed.body;
    flipped[i] ^= 0x80;
    INFO("body byte " << i);
    REQUIRE(code_of(receive(sealed.header.bytes, flipped, keys, keys.hub)) == Code::kHashBad);
  }
}

TEST_CASE("no truncated and no extended header parses") {
  Keys keys;
  const SealedBundle sealed = keys.seal(core::as_bytes("payload"));
  for (std::size_t n = 0; n < sealed.header.bytes.size(); ++n) {
    REQUIRE_FALSE(parse_header(ByteView{sealed.header.bytes}.first(n)));
  }
  Bytes longer = sealed.header.bytes;
  longer.push_back(0);
  CHECK_FALSE(parse_header(longer));
}

TEST_CASE("a truncated or extended body is refused at every length") {
  Keys keys;
  const SealedBundle sealed = keys.seal(keys.random(300));
  for (std::size_t n = 0; n < sealed.body.size(); ++n) {
    REQUIRE(code_of(receive(sealed.header.bytes, ByteView{sealed.body}.first(n), keys, keys.hub)) == Code::kHashBad);
  }
  Bytes longer = sealed.body;
  longer.push_back(0);
  CHECK(code_of(receive(sealed.header.bytes, longer, keys, keys.hub)) == Code::kHashBad);
}

/// The author itself signs a body that it has tampered with: what hashes cannot find, the chunk nonces must.
Header resign(const Keys& keys, Header header, ByteView body) {
  const ByteView ciphertext = body.subspan(header.list_size());
  Bytes list;
  for (std::size_t at = 0; at < ciphertext.size(); at += kChunkSizeMin) {
    core::append(list, chunk_hash(ciphertext.subspan(at, std::min(kChunkSizeMin, ciphertext.size() - at))).view());
  }
  const std::size_t root_at = 1 + 1 + 1 + 8 + 1 + 3;  // version, shape, node, incarnation, seq, length of three bytes
  const core::Hash root = root_of(list);
  std::copy(root.value.begin(), root.value.end(), header.bytes.begin() + static_cast<std::ptrdiff_t>(root_at));
  header.root = root;
  Bytes to_sign(header.bytes.begin(), header.bytes.end() - 64);
  core::append(to_sign, keys.previous.view());
  header.signature = core::sign(keys.author, "satchel bundle", to_sign);
  std::copy(header.signature.value.begin(), header.signature.value.end(), header.bytes.end() - 64);
  REQUIRE(parse_header(header.bytes));
  REQUIRE(verify_header(header, keys.previous, keys.author.public_key));
  return header;
}

TEST_CASE("swapped chunks do not open, even under the author's own signature") {
  Keys keys;
  const SealedBundle sealed = keys.seal(keys.random(3 * (kChunkSizeMin - 16)));
  const std::size_t list = sealed.header.list_size();
  REQUIRE(list == 96);
  Bytes swapped = sealed.body;
  for (std::size_t i = 0; i < kChunkSizeMin; ++i) std::swap(swapped[list + i], swapped[list + kChunkSizeMin + i]);
  for (std::size_t i = 0; i < 32; ++i) std::swap(swapped[i], swapped[32 + i]);
  CHECK(code_of(receive(sealed.header.bytes, swapped, keys, keys.hub)) == Code::kHashBad);
  const Header header = resign(keys, sealed.header, swapped);
  CHECK(code_of(open_bundle(header, swapped, {&keys.hub, {}})) == Code::kSealBroken);
}

TEST_CASE("a bundle whose last chunk was cut off does not open under a new signature") {
  Keys keys;
  // Both lengths take three bytes in the header, so that only length, list and root change.
  const SealedBundle sealed = keys.seal(keys.random(3 * (kChunkSizeMin - 16)));
  Header header = sealed.header;
  header.ciphertext_size = 2 * kChunkSizeMin;
  core::ByteWriter length;
  length.varint(header.ciphertext_size);
  REQUIRE(length.bytes().size() == 3);
  std::copy(length.bytes().begin(), length.bytes().end(), header.bytes.begin() + 12);
  const ByteView whole{sealed.body};
  core::ByteWriter shorter;
  const Bytes body = shorter.raw(whole.first(2 * kHashSize)).raw(whole.subspan(3 * kHashSize, 2 * kChunkSizeMin)).bytes();
  header = resign(keys, header, body);
  CHECK(verify_body(header, body));
  CHECK(code_of(open_bundle(header, body, {&keys.hub, {}})) == Code::kSealBroken);
}

TEST_CASE("swapped or exchanged recipients break the signature") {
  Keys keys;
  const SealedBundle mine = keys.seal(core::as_bytes("mine"));
  const SealedBundle other = keys.seal(core::as_bytes("other"));
  const std::size_t stanzas_at = mine.header.bytes.size() - 64 - 2 * kStanzaSize;
  Bytes swapped = mine.header.bytes;
  for (std::size_t i = 0; i < kStanzaSize; ++i) std::swap(swapped[stanzas_at + i], swapped[stanzas_at + kStanzaSize + i]);
  CHECK(code_of(receive(swapped, mine.body, keys, keys.hub)) == Code::kSignatureBad);
  Bytes taken = mine.header.bytes;
  std::copy_n(other.header.bytes.begin() + static_cast<std::ptrdiff_t>(stanzas_at), kStanzaSize,
              taken.begin() + static_cast<std::ptrdiff_t>(stanzas_at));
  CHECK(code_of(receive(taken, mine.body, keys, keys.hub)) == Code::kSignatureBad);
}

TEST_CASE("a bundle re-signed by another does not pass as the author's, nor behind another bundle") {
  Keys keys;
  const core::SignKeys thief = core::make_sign_keys(keys.rng);
  const auto stolen = seal_bundle(keys.request(core::as_bytes("x")), thief, keys.rng);
  REQUIRE(stolen);
  CHECK(code_of(receive(stolen->header.bytes, stolen->body, keys, keys.hub)) == Code::kSignatureBad);
  const SealedBundle mine = keys.seal(core::as_bytes("x"));
  CHECK_FALSE(verify_header(mine.header, core::hash(core::as_bytes("elsewhere")), keys.author.public_key));
}

TEST_CASE("lengths that no sealing gives are refused") {
  Keys keys;
  const SealedBundle sealed = keys.seal(core::as_bytes("payload"));
  const auto with_length = [&](std::uint64_t size) {
    core::ByteWriter out;
    out.raw(ByteView{sealed.header.bytes}.first(12)).varint(size).raw(ByteView{sealed.header.bytes}.subspan(13));
    return parse_header(out.bytes());
  };
  CHECK(with_length(17));
  CHECK(with_length(kChunkSizeMin + 17));
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{16}, std::uint64_t{kChunkSizeMin + 1}, std::uint64_t{kChunkSizeMin + 16}}) {
    const auto parsed = with_length(size);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Code::kMalformed);
  }
  const auto bomb = with_length(~0ULL);
  REQUIRE_FALSE(bomb);
  CHECK(bomb.error().code == Code::kLimitExceeded);
}

}  // namespace
}  // namespace satchel::protocol
