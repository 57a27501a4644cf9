#include <rapidcheck/catch.h>

#include <algorithm>

#include "core/record/receipts.h"
#include "tests/property/record/logs.h"
#include "tests/support/with_crypto.h"

using namespace satchel;
using core::Receipt;

namespace {

const core::CampaignId kCampaign{42};
const core::SignKeys& hub() {
  static const core::SignKeys keys = core::sign_keys_from_seed(core::Bytes(32, 5));
  return keys;
}

Receipt any_receipt() {
  Receipt out;
  out.campaign = kCampaign;
  out.hub = {7};
  out.epoch = tests::below<std::uint32_t>(3) + 1;
  out.version = tests::below<std::uint64_t>(4) + 1;
  const auto count = tests::below<int>(8);
  for (int i = 0; i < count; ++i) {
    core::LogId log = tests::any_log();
    log.audience = core::kToHub;
    const core::Seq stored = tests::any_seq();
    const core::Seq opened = *rc::gen::element(core::Seq{0}, stored, core::Seq{stored.value / 2});
    if (stored.value == 0) continue;
    out.logs[log] = {stored, opened};
    out.tags[log.author] = core::receipt_tag({{log, {stored, {}}}});
  }
  core::sign_receipt(out, hub());
  return out;
}

/// What a node holds after it has seen these, one after the other.
const Receipt* newest(const std::vector<Receipt>& seen) {
  const Receipt* held = nullptr;
  for (const Receipt& receipt : seen) {
    if (held == nullptr || receipt.newer_than(*held)) held = &receipt;
  }
  return held;
}

}  // namespace

TEST_CASE("newer is a strict order of epoch, then version") {
  rc::prop("irreflexive, asymmetric, transitive, total", [] {
    const Receipt a = any_receipt();
    const Receipt b = any_receipt();
    const Receipt c = any_receipt();
    RC_ASSERT(!a.newer_than(a));
    RC_ASSERT(!(a.newer_than(b) && b.newer_than(a)));
    if (a.newer_than(b) && b.newer_than(c)) RC_ASSERT(a.newer_than(c));
    const bool same = a.epoch == b.epoch && a.version == b.version;
    RC_ASSERT(same != (a.newer_than(b) || b.newer_than(a)));
  });
}

TEST_CASE("in whatever order and how often receipts come, the same one is held in the end") {
  rc::prop("order and repetition do not matter", [] {
    const auto receipts = *rc::gen::container<std::vector<Receipt>>(3, rc::gen::exec(any_receipt));
    std::vector<Receipt> seen = receipts;
    seen.push_back(receipts[tests::below(receipts.size())]);
    for (std::size_t i = seen.size(); i > 1; --i) std::swap(seen[i - 1], seen[tests::below(i)]);
    const Receipt* one = newest(receipts);
    const Receipt* other = newest(seen);
    RC_ASSERT((one->epoch == other->epoch && one->version == other->version));
  });
}

TEST_CASE("the bytes of a receipt say exactly what it says") {
  rc::prop("there and back", [] {
    const Receipt receipt = any_receipt();
    const core::Bytes bytes = core::encode(receipt);
    const auto back = core::decode_receipt(bytes, kCampaign, hub().public_key);
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->logs == receipt.logs && back->tags == receipt.tags && back->epoch == receipt.epoch &&
              back->version == receipt.version);
    RC_ASSERT(core::encode(*back) == bytes);
  });
  rc::prop("no changed byte passes", [] {
    core::Bytes bytes = core::encode(any_receipt());
    const std::size_t at = tests::below(bytes.size());
    const auto other = *rc::gen::arbitrary<std::uint8_t>();
    RC_PRE(bytes[at] != other);
    bytes[at] = other;
    RC_ASSERT(!core::decode_receipt(bytes, kCampaign, hub().public_key));
  });
}
