#include "core/record/receipts.h"

#include <limits>
#include <tuple>

#include "core/base/check.h"
#include "core/crypto/hash.h"
#include "core/record/frontier.h"
#include "core/record/log_groups.h"

namespace satchel::core {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kContext = "satchel receipt";
constexpr std::string_view kTagContext = "satchel receipt tag";

using Logs = std::map<LogId, Reached>;
using Tags = std::map<Author, ReceiptTag>;
using Place = Logs::const_iterator;

/// Low half of the mask: which lanes follow. High half: which of them are not opened as far as they are stored.
std::uint8_t lag_bit(Lane lane) { return static_cast<std::uint8_t>(lane_bit(lane) << 4); }

void put_reached(ByteWriter& out, const Reached& reached) {
  out.varint(reached.stored.value);
  if (reached.opened != reached.stored) out.varint(reached.stored.value - reached.opened.value);
}

Place put_author(ByteWriter& out, AuthorWriter& authors, const Tags& tags, Place at, Place end) {
  const Author author = at->first.author;
  authors.put(out, author);
  std::uint8_t mask = 0;
  ByteWriter lanes;
  for (; at != end && at->first.author == author; ++at) {
    const auto& [log, reached] = *at;
    mask |= lane_bit(log.lane);
    if (reached.opened != reached.stored) mask |= lag_bit(log.lane);
    put_reached(lanes, reached);
  }
  const auto tag = tags.find(author);
  out.u8(mask).raw(lanes.bytes()).raw((tag == tags.end() ? ReceiptTag{} : tag->second).view());
  return at;
}

Bytes statement(const Receipt& receipt) {
  Logs logs;
  for (const auto& [log, reached] : receipt.logs) {
    SATCHEL_CHECK(log.audience == kToHub && reached.opened <= reached.stored);
    if (reached.stored.value != 0) logs.emplace(log, reached);
  }
  ByteWriter rows;
  AuthorWriter authors;
  std::uint64_t count = 0;
  for (Place at = logs.begin(); at != logs.end(); ++count) at = put_author(rows, authors, receipt.tags, at, logs.end());
  ByteWriter out;
  out.u8(kVersion).u64(receipt.campaign.value).u64(receipt.hub.value).varint(receipt.epoch).varint(receipt.version);
  return out.varint(count).raw(rows.bytes()).bytes();
}

Reached take_reached(ByteReader& in, bool lags) {
  const std::uint64_t stored = in.varint();
  const std::uint64_t behind = lags ? in.varint() : 0;
  if (stored == 0 || behind > stored || (lags && behind == 0)) in.fail();
  return {{stored}, {stored - behind}};
}

void take_author(ByteReader& in, AuthorReader& authors, Receipt& out) {
  const Author author = authors.take(in);
  const std::uint8_t mask = in.u8();
  const unsigned lanes = mask & 15U;
  const unsigned lags = mask >> 4;
  if (lanes == 0 || (lags & ~lanes) != 0) in.fail();
  for (const Lane lane : kLanes) {
    if (!in.ok() || !has_lane(mask, lane)) continue;
    const Reached reached = take_reached(in, (mask & lag_bit(lane)) != 0);
    if (in.ok()) out.logs.emplace(LogId{author, kToHub, lane}, reached);
  }
  out.tags.emplace(author, in.fixed<ReceiptTag>());
}

}  // namespace

ReceiptTag receipt_tag(const std::map<LogId, RootAt>& roots) {
  ByteWriter out;
  for (const auto& [log, at] : roots) {
    out.u32_be(log.author.node.value).u64_be(log.author.incarnation.value).u8(static_cast<std::uint8_t>(log.lane));
    out.u64_be(at.seq.value).raw(at.root.view());
  }
  return *ReceiptTag::from(hash(kTagContext, out.bytes()).view().first(ReceiptTag::kSize));
}

Reached Receipt::at(const LogId& log) const {
  const auto found = logs.find(log);
  return found == logs.end() ? Reached{} : found->second;
}

bool Receipt::newer_than(const Receipt& other) const { return std::tie(epoch, version) > std::tie(other.epoch, other.version); }

void sign_receipt(Receipt& receipt, const SignKeys& hub) { receipt.signature = sign(hub, kContext, statement(receipt)); }

Bytes encode(const Receipt& receipt) {
  Bytes out = statement(receipt);
  append(out, receipt.signature.view());
  return out;
}

Result<Receipt> decode_receipt(ByteView bytes, CampaignId campaign, const SignPublic& hub) {
  if (!bytes.empty() && bytes[0] != kVersion) return Code::kVersionUnknown;
  ByteReader in{bytes};
  in.u8();
  Receipt out;
  out.campaign.value = in.u64();
  out.hub.value = in.u64();
  const std::uint64_t epoch = in.varint();
  out.version = in.varint();
  if (epoch > std::numeric_limits<std::uint32_t>::max()) in.fail();
  out.epoch = static_cast<std::uint32_t>(epoch);
  AuthorReader authors;
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    take_author(in, authors, out);
    if (out.logs.size() > kFrontierEntriesMax) return Code::kLimitExceeded;
  }
  const std::size_t signed_size = bytes.size() - in.remaining();
  out.signature = in.fixed<Signature>();
  if (!in.done()) return Code::kMalformed;
  if (out.campaign != campaign) return Code::kOtherCampaign;
  if (!verify(hub, kContext, bytes.first(signed_size), out.signature)) return Code::kSignatureBad;
  return out;
}

}  // namespace satchel::core
