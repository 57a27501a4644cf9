#pragma once

#include <map>
#include <optional>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/crypto/sign.h"

namespace satchel::core {

/// How far the hub has a log: stored (synced to its disk), and opened (decrypted, verified, folded). opened <= stored, except
/// that what was quarantined counts as opened: the hub has looked at it and a person decides.
struct Reached {
  Seq stored;
  Seq opened;
  auto operator<=>(const Reached&) const = default;
};

struct ReceiptTagTag;
/// What shows an author that the receipt is about its own bundles and not about those of a machine that runs from a copy of its
/// disk: four bytes of a hash over the content at the positions named. Honest histories that parted agree in it by chance once in
/// 2^32, and at the next bundle draw again; a liar is stopped by the signatures, not by the tag (protocol/SPEC.md, "Receipt").
using ReceiptTag = FixedBytes<ReceiptTagTag, 4>;
/// `roots`: for each lane of which anything is stored, the log, how far, and the root of the bundle at that place.
struct RootAt {
  Seq seq;
  Hash root;
};
ReceiptTag receipt_tag(const std::map<LogId, RootAt>& roots);

/// The body of a receipt: positions and tags. Every author that is named has a tag.
struct HubReach {
  std::map<LogId, Reached> logs;  ///< uplink logs only; absent means nothing
  std::map<Author, ReceiptTag> tags;
  bool operator==(const HubReach&) const = default;
};

/// The hub's signed, cumulative statement of what it has: the only ground on which anything is shown as "at the hub". A later one
/// replaces an earlier one; there are no tombstones. `epoch` counts the hub's incarnations (a hub restored from a backup starts a
/// new one and so takes back what it lost), `version` counts within one.
struct Receipt {
  CampaignId campaign;
  Incarnation hub;
  std::uint32_t epoch = 0;
  std::uint64_t version = 0;
  std::map<LogId, Reached> logs;      ///< uplink logs only; absent means nothing
  std::map<Author, ReceiptTag> tags;  ///< of each author in `logs`
  Signature signature;

  Reached at(const LogId& log) const;
  bool stored(const BundleId& id) const { return at(id.log).stored >= id.seq; }
  bool opened(const BundleId& id) const { return at(id.log).opened >= id.seq; }
  /// True when this one replaces `other`: (epoch, version) is larger.
  bool newer_than(const Receipt& other) const;
};

/// Logs must be uplink logs with opened <= stored; one with nothing stored is left out, and so is the tag of an author without
/// logs. An author without a tag is given zeros, which nobody's content fits.
void sign_receipt(Receipt& receipt, const SignKeys& hub);
Bytes encode(const Receipt& receipt);
/// Parses canonically and verifies against the hub's key; kSignatureBad, kMalformed, kLimitExceeded,
/// kVersionUnknown, kOtherCampaign.
Result<Receipt> decode_receipt(ByteView bytes, CampaignId campaign, const SignPublic& hub);

}  // namespace satchel::core
