#pragma once

#include <map>

#include "core/base/ids.h"
#include "core/base/result.h"

namespace satchel::core {

/// For each log, how far a node holds it without gaps: a version vector. Absent means 0.
class Frontier {
 public:
  Seq at(const LogId& log) const;
  bool covers(const BundleId& id) const { return at(id.log) >= id.seq; }
  /// Sets the entry if `seq` is larger; a frontier never goes back.
  void raise(const LogId& log, Seq seq);
  /// The pointwise maximum.
  void merge(const Frontier& other);
  const std::map<LogId, Seq>& entries() const { return entries_; }
  bool operator==(const Frontier&) const = default;

 private:
  std::map<LogId, Seq> entries_;
};

/// Canonical bytes (protocol/SPEC.md, "Frontier"): logs in order, grouped by author and audience, so that a further lane of a
/// known author costs one to three bytes.
Bytes encode(const Frontier& frontier);
/// kMalformed for anything that encode() would not write; kLimitExceeded over kFrontierEntriesMax.
Result<Frontier> decode_frontier(ByteView bytes);
inline constexpr std::size_t kFrontierEntriesMax = 65536;

}  // namespace satchel::core
