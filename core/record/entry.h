#pragma once

#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/crypto/sign.h"

namespace satchel::core {

/// One signed, immutable statement in its author's log. `body` is opaque here: Cap'n Proto bytes that protocol/body reads and
/// that nobody writes again. Records are numbered per log (only the lanes control and record hold records) and chained:
///   id = hash("satchel record", log id ‖ seq ‖ previous id ‖ body)
/// so that one signature on the last id of a run proves every record of the run (and costs 64 bytes once, not per record).
struct Entry {
  LogId log;
  Seq seq;            ///< from 1, without gaps
  RecordId previous;  ///< id of seq - 1; all zero for seq 1
  Bytes body;         ///< 1 byte to limits.h kRecordBodyMax (64 KiB)
};

RecordId record_id(const Entry& entry);
Signature sign_record(const SignKeys& keys, const RecordId& id);
[[nodiscard]] bool verify_record(const SignPublic& key, const RecordId& id, const Signature& signature);

/// Consecutive records of one log under one signature: what a bundle carries.
struct Run {
  LogId log;
  Seq first;
  RecordId previous;          ///< id of first - 1
  std::vector<Bytes> bodies;  ///< at least one, at most kRunRecordsMax
  Signature signature;        ///< on the id of the last
};

inline constexpr std::size_t kRecordBodyMax = 64 * 1024;
inline constexpr std::size_t kRunRecordsMax = 4096;

/// The ids of the run's records, oldest first; kSignatureBad when the signature does not fit.
Result<std::vector<RecordId>> verify_run(const Run& run, const SignPublic& key);

/// Canonical bytes (protocol/SPEC.md, "Run").
Bytes encode(const Run& run);
/// Borrowed bytes in, owned values out. kMalformed, kVersionUnknown or kLimitExceeded. Does not verify the signature.
Result<Run> decode_run(ByteView bytes);

}  // namespace satchel::core
