#include "core/record/entry.h"

#include <catch2/catch.hpp>

#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::core {
namespace {

const LogId kLog{{NodeNumber{3}, Incarnation{0x0102030405060708}}, kToHub, Lane::record};

/// A run with right ids and a right signature.
Run make_run(const SignKeys& keys, Seq first, const RecordId& previous, std::vector<Bytes> bodies) {
  Run run{kLog, first, previous, std::move(bodies), {}};
  RecordId id = previous;
  for (std::size_t i = 0; i < run.bodies.size(); ++i) id = record_id({kLog, Seq{first.value + i}, id, run.bodies[i]});
  run.signature = sign_record(keys, id);
  return run;
}

struct Keys {
  tests::SeededRng rng{11};
  SignKeys author = make_sign_keys(rng);
  SignKeys other = make_sign_keys(rng);
};

TEST_CASE("a run verifies, and gives the id of each of its records") {
  Keys keys;
  const Run run = make_run(keys.author, Seq{1}, {}, {{1}, {2, 2}, {3, 3, 3}});
  const auto ids = verify_run(run, keys.author.public_key);
  REQUIRE(ids);
  REQUIRE(ids->size() == 3);
  CHECK((*ids)[0] == record_id({kLog, Seq{1}, {}, {1}}));
  CHECK((*ids)[2] == record_id({kLog, Seq{3}, (*ids)[1], {3, 3, 3}}));
  CHECK(verify_record(keys.author.public_key, (*ids)[2], run.signature));
  CHECK_FALSE(verify_record(keys.author.public_key, (*ids)[1], run.signature));
}

TEST_CASE("a run that follows another one joins its chain at any border") {
  Keys keys;
  const std::vector<Bytes> bodies{{1}, {2}, {3}, {4}, {5}};
  const auto whole = verify_run(make_run(keys.author, Seq{1}, {}, bodies), keys.author.public_key);
  REQUIRE(whole);
  for (std::size_t cut = 1; cut < bodies.size(); ++cut) {
    const auto at = bodies.begin() + static_cast<std::ptrdiff_t>(cut);
    const Run rest = make_run(keys.author, Seq{cut + 1}, (*whole)[cut - 1], {at, bodies.end()});
    const auto ids = verify_run(rest, keys.author.public_key);
    REQUIRE(ids);
    CHECK(ids->back() == whole->back());
    CHECK(rest.signature == make_run(keys.author, Seq{1}, {}, bodies).signature);
  }
}

TEST_CASE("whatever is changed in a run, its signature no longer fits") {
  Keys keys;
  const Run sound = make_run(keys.author, Seq{5}, record_id({kLog, Seq{4}, {}, {9}}), {{1, 2}, {3}});
  REQUIRE(verify_run(sound, keys.author.public_key));
  std::vector<Run> wrong(9, sound);
  wrong[0].bodies[0][1] ^= 1;
  wrong[1].bodies.pop_back();
  wrong[2].bodies.push_back({4});
  std::swap(wrong[3].bodies[0], wrong[3].bodies[1]);
  wrong[4].first = Seq{6};
  wrong[5].previous.value[0] ^= 1;
  wrong[6].log.author.incarnation.value ^= 1;
  wrong[7].log.audience = kEveryone;
  wrong[8].log.lane = Lane::control;
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    INFO("change " << i);
    const auto verified = verify_run(wrong[i], keys.author.public_key);
    REQUIRE_FALSE(verified);
    CHECK(verified.error().code == Code::kSignatureBad);
  }
  CHECK_FALSE(verify_run(sound, keys.other.public_key));
  Run empty = sound;
  empty.bodies.clear();
  const auto none = verify_run(empty, keys.author.public_key);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Code::kMalformed);
}

TEST_CASE("the same bytes cut differently into bodies are other records") {
  CHECK(record_id({kLog, Seq{1}, {}, {1, 2}}) != record_id({kLog, Seq{2}, record_id({kLog, Seq{1}, {}, {1}}), {2}}));
  CHECK(record_id({kLog, Seq{1}, {}, {1}}) != record_id({kLog, Seq{2}, {}, {1}}));
}

TEST_CASE("a run comes back from its bytes as it was") {
  Keys keys;
  for (const std::uint64_t first : {1ULL, 2ULL, 127ULL, 128ULL, 1ULL << 40}) {
    const RecordId previous = first == 1 ? RecordId{} : record_id({kLog, Seq{first - 1}, {}, {9}});
    const Run run = make_run(keys.author, Seq{first}, previous, {{1}, Bytes(300, 7), Bytes(kRecordBodyMax, 8)});
    const Bytes bytes = encode(run);
    const auto back = decode_run(bytes);
    REQUIRE(back);
    CHECK(back->log == run.log);
    CHECK(back->first == run.first);
    CHECK(back->previous == run.previous);
    CHECK(back->bodies == run.bodies);
    CHECK(back->signature == run.signature);
    CHECK(encode(*back) == bytes);
    CHECK(verify_run(*back, keys.author.public_key));
  }
}

TEST_CASE("a run that is cut, or longer than it says, is refused at every byte") {
  Keys keys;
  const Bytes bytes = encode(make_run(keys.author, Seq{200}, record_id({kLog, Seq{199}, {}, {9}}), {{1, 2, 3}, {4}}));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    INFO("cut to " << n);
    const auto cut = decode_run(ByteView{bytes}.first(n));
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == Code::kMalformed);
  }
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK_FALSE(decode_run(longer));
}

TEST_CASE("no flipped byte of a run both parses and verifies") {
  Keys keys;
  const Bytes bytes = encode(make_run(keys.author, Seq{2}, record_id({kLog, Seq{1}, {}, {9}}), {{1, 2, 3}, {4}}));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const unsigned bit : {0x01U, 0x80U}) {
      Bytes flipped = bytes;
      flipped[i] = static_cast<std::uint8_t>(flipped[i] ^ bit);
      INFO("byte " << i);
      const auto run = decode_run(flipped);
      REQUIRE_FALSE((run && verify_run(*run, keys.author.public_key)));
    }
  }
}

/// Fields of a run's bytes, to write what encode() never would.
struct Raw {
  std::uint8_t version = 1;
  std::uint64_t node = 3;
  std::uint64_t audience = 0;
  std::uint8_t lane = 1;
  std::uint64_t first = 1;
  std::uint64_t count = 1;
  std::vector<Bytes> bodies{{1}};
  Bytes bytes() const {
    ByteWriter out;
    out.u8(version).varint(node).u64(5).varint(audience).u8(lane).varint(first);
    if (first > 1) out.raw(Bytes(32, 1));
    out.varint(count);
    for (const Bytes& body : bodies) out.sized(body);
    return out.raw(Bytes(64, 2)).bytes();
  }
  Code refusal() const {
    const auto run = decode_run(bytes());
    REQUIRE_FALSE(run);
    return run.error().code;
  }
};

TEST_CASE("a run outside its limits is refused with the reason") {
  CHECK(decode_run(Raw{}.bytes()));
  Raw raw;
  raw.version = 2;
  CHECK(raw.refusal() == Code::kVersionUnknown);
  raw = {};
  raw.node = 1ULL << 32;
  CHECK(raw.refusal() == Code::kMalformed);
  raw = {};
  raw.audience = 1ULL << 32;
  CHECK(raw.refusal() == Code::kMalformed);
  raw = {};
  raw.lane = 2;  // photos hold no records
  CHECK(raw.refusal() == Code::kMalformed);
  raw = {};
  raw.first = 0;
  CHECK(raw.refusal() == Code::kMalformed);
  raw = {};
  raw.count = 0;
  raw.bodies.clear();
  CHECK(raw.refusal() == Code::kMalformed);
  raw = {};
  raw.count = ~0ULL;
  CHECK(raw.refusal() == Code::kLimitExceeded);
  raw = {};
  raw.count = kRunRecordsMax + 1;
  CHECK(raw.refusal() == Code::kLimitExceeded);
  raw = {};
  raw.first = ~0ULL;  // the second record would have no number
  raw.count = 2;
  raw.bodies = {{1}, {2}};
  CHECK(raw.refusal() == Code::kLimitExceeded);
  raw = {};
  raw.bodies = {Bytes{}};
  CHECK(raw.refusal() == Code::kMalformed);
  raw = {};
  raw.bodies = {Bytes(kRecordBodyMax + 1, 1)};
  CHECK(raw.refusal() == Code::kLimitExceeded);
}

TEST_CASE("numbers in a run have one form only") {
  Bytes bytes = Raw{}.bytes();
  REQUIRE(bytes[1] == 3);
  bytes[1] = 0x83;
  bytes.insert(bytes.begin() + 2, std::uint8_t{0});  // the node number 3 in two bytes
  CHECK_FALSE(decode_run(bytes));
}

}  // namespace
}  // namespace satchel::core
