#include "core/record/receipts.h"

#include <catch2/catch.hpp>

#include "core/crypto/hash.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::core {
namespace {

LogId log(std::uint32_t node, Lane lane) { return {{NodeNumber{node}, Incarnation{node + 100ULL}}, kToHub, lane}; }
const CampaignId kCampaign{0x1122334455667788};

struct Hub {
  tests::SeededRng rng{12};
  SignKeys keys = make_sign_keys(rng);
  SignKeys stranger = make_sign_keys(rng);

  Receipt receipt() const {
    Receipt out;
    out.campaign = kCampaign;
    out.hub = Incarnation{77};
    out.epoch = 2;
    out.version = 300;
    out.logs[log(1, Lane::control)] = {Seq{4}, Seq{4}};
    out.logs[log(1, Lane::photo)] = {Seq{200}, Seq{150}};
    out.logs[log(2, Lane::record)] = {Seq{9}, Seq{0}};
    out.logs[log(400, Lane::original)] = {Seq{~0ULL}, Seq{1}};
    for (const std::uint32_t node : {1U, 2U, 400U}) {
      out.tags[log(node, Lane::photo).author] = receipt_tag({{log(node, Lane::photo), {Seq{node}, Hash{}}}});
    }
    sign_receipt(out, keys);
    return out;
  }
  Code refusal(ByteView bytes) const {
    const auto out = decode_receipt(bytes, kCampaign, keys.public_key);
    REQUIRE_FALSE(out);
    return out.error().code;
  }
  /// Signs bytes that sign_receipt would never write.
  Bytes signed_as_hub(Bytes statement) const {
    const Signature signature = sign(keys, "satchel receipt", statement);
    append(statement, signature.view());
    return statement;
  }
};

TEST_CASE("a receipt says for each log what is stored and what is opened") {
  const Hub hub;
  const Receipt receipt = hub.receipt();
  const LogId photos = log(1, Lane::photo);
  CHECK(receipt.stored({photos, Seq{200}}));
  CHECK_FALSE(receipt.stored({photos, Seq{201}}));
  CHECK(receipt.opened({photos, Seq{150}}));
  CHECK_FALSE(receipt.opened({photos, Seq{151}}));
  CHECK_FALSE(receipt.stored({log(5, Lane::photo), Seq{1}}));
}

TEST_CASE("a receipt comes back from its bytes") {
  const Hub hub;
  const Receipt receipt = hub.receipt();
  const Bytes bytes = encode(receipt);
  const auto back = decode_receipt(bytes, kCampaign, hub.keys.public_key);
  REQUIRE(back);
  CHECK(back->logs == receipt.logs);
  CHECK(back->tags == receipt.tags);
  CHECK(back->epoch == 2);
  CHECK(back->version == 300);
  CHECK(back->hub == Incarnation{77});
  CHECK(encode(*back) == bytes);
}

TEST_CASE("a log of which nothing is stored is left out") {
  const Hub hub;
  Receipt receipt = hub.receipt();
  const Bytes without = encode(receipt);
  receipt.logs[log(3, Lane::record)] = {};
  CHECK(encode(receipt) == without);
}

TEST_CASE("a tag tells content from other content under the same numbers") {
  const LogId records = log(1, Lane::record);
  const LogId photos = log(1, Lane::photo);
  const Hash a = hash(as_bytes("a"));
  const Hash b = hash(as_bytes("b"));
  const ReceiptTag tag = receipt_tag({{records, {Seq{5}, a}}, {photos, {Seq{2}, b}}});
  CHECK(tag == receipt_tag({{photos, {Seq{2}, b}}, {records, {Seq{5}, a}}}));
  CHECK(tag != receipt_tag({{records, {Seq{5}, b}}, {photos, {Seq{2}, b}}}));
  CHECK(tag != receipt_tag({{records, {Seq{6}, a}}, {photos, {Seq{2}, b}}}));
  CHECK(tag != receipt_tag({{records, {Seq{5}, a}}}));
  LogId other = records;
  other.author.incarnation.value += 1;
  CHECK(receipt_tag({{records, {Seq{5}, a}}}) != receipt_tag({{other, {Seq{5}, a}}}));
}

TEST_CASE("a later version replaces an earlier one, and a later epoch every version of the one before") {
  Receipt a;
  Receipt b;
  CHECK_FALSE(a.newer_than(b));
  a.epoch = b.epoch = 1;
  a.version = 2;
  b.version = 1;
  CHECK(a.newer_than(b));
  CHECK_FALSE(b.newer_than(a));
  b.epoch = 2;  // the hub was restored from a backup
  CHECK(b.newer_than(a));
  CHECK_FALSE(a.newer_than(b));
}

TEST_CASE("no byte of a receipt can be changed, left out or added") {
  const Hub hub;
  const Bytes bytes = encode(hub.receipt());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes flipped = bytes;
    flipped[i] ^= 0x01;
    INFO("byte " << i);
    REQUIRE_FALSE(decode_receipt(flipped, kCampaign, hub.keys.public_key));
    REQUIRE_FALSE(decode_receipt(ByteView{bytes}.first(i), kCampaign, hub.keys.public_key));
  }
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK(hub.refusal(longer) == Code::kMalformed);
}

TEST_CASE("a receipt of another hub, another campaign or a newer version is refused with its reason") {
  const Hub hub;
  Receipt receipt = hub.receipt();
  sign_receipt(receipt, hub.stranger);
  CHECK(hub.refusal(encode(receipt)) == Code::kSignatureBad);
  receipt.campaign.value ^= 1;
  sign_receipt(receipt, hub.keys);
  CHECK(hub.refusal(encode(receipt)) == Code::kOtherCampaign);
  Bytes newer = encode(hub.receipt());
  newer[0] = 2;
  CHECK(hub.refusal(newer) == Code::kVersionUnknown);
}

TEST_CASE("what is signed but not in the one form is refused all the same") {
  const Hub hub;
  const auto statement = [](std::uint64_t epoch, std::uint64_t authors, std::uint8_t mask, std::vector<std::uint64_t> numbers,
                            std::size_t tag = ReceiptTag::kSize) {
    ByteWriter out;
    out.u8(1).u64(kCampaign.value).u64(77).varint(epoch).varint(1).varint(authors).varint(1).u64(10).u8(mask);
    for (const std::uint64_t number : numbers) out.varint(number);
    out.raw(Bytes(tag, 9));
    return out.bytes();
  };
  REQUIRE(decode_receipt(hub.signed_as_hub(statement(1, 1, 0x11, {5, 2})), kCampaign, hub.keys.public_key));
  CHECK(hub.refusal(hub.signed_as_hub(statement(1, 1, 0x01, {0}))) == Code::kMalformed);           // nothing stored
  CHECK(hub.refusal(hub.signed_as_hub(statement(1, 1, 0x11, {5, 0}))) == Code::kMalformed);        // behind by nothing
  CHECK(hub.refusal(hub.signed_as_hub(statement(1, 1, 0x11, {5, 6}))) == Code::kMalformed);        // opened below zero
  CHECK(hub.refusal(hub.signed_as_hub(statement(1, 1, 0x21, {5, 1}))) == Code::kMalformed);        // behind in a lane not named
  CHECK(hub.refusal(hub.signed_as_hub(statement(1, 1, 0x00, {}))) == Code::kMalformed);            // no lane
  CHECK(hub.refusal(hub.signed_as_hub(statement(1, 1, 0x11, {5, 2}, 3))) == Code::kMalformed);     // a tag too short
  CHECK(hub.refusal(hub.signed_as_hub(statement(1ULL << 32, 1, 0x01, {5}))) == Code::kMalformed);  // epoch beyond 32 bits
  CHECK(hub.refusal(hub.signed_as_hub(statement(1, ~0ULL, 0x01, {5}))) == Code::kMalformed);       // more authors than bytes
}

TEST_CASE("a thousand bundles are confirmed for 0.2 bytes each") {
  const Hub hub;
  Receipt receipt = hub.receipt();
  receipt.logs.clear();
  sign_receipt(receipt, hub.keys);
  const std::size_t empty = encode(receipt).size();
  receipt.logs[log(1, Lane::record)] = {Seq{1000}, Seq{1000}};
  CHECK(encode(receipt).size() - empty <= 200);
  CHECK(encode(receipt).size() <= 200);
}

}  // namespace
}  // namespace satchel::core
