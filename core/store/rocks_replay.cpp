#include "core/store/rocks_replay.h"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/store/rocks_rows.h"
#include "core/store/rocks_status.h"

namespace satchel::core {
namespace {

namespace fs = std::filesystem;

/// What matters here of a batch.
class Contents final : public rocksdb::WriteBatch::Handler {
 public:
  rocksdb::Status PutCF(std::uint32_t, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    if (same_bytes(view(key), as_bytes(kSyncedCount))) {
      synced = ByteReader{view(value)}.u64();
    } else if (const auto place = place_in(view(value))) {
      places.push_back(*place);
    }
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(std::uint32_t, const rocksdb::Slice&) override { return rocksdb::Status::OK(); }

  std::optional<std::uint64_t> synced;
  std::vector<ValuePlace> places;
};

}  // namespace

std::uint64_t synced_traces(const std::string& folder, std::uint64_t from) {
  std::uint64_t out = 0;
  std::error_code ignored;
  for (fs::directory_iterator at{folder, ignored}, end; at != end; at.increment(ignored)) {
    if (at->path().extension() != ".log") continue;
    const std::string name = at->path().stem().string();
    std::uint64_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number < from) continue;
    std::string bytes(at->file_size(ignored), '\0');
    std::ifstream file{at->path(), std::ios::binary};
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    // The key, the length of the value (a varint in RocksDB's batch format, so one byte of 8), the value.
    for (std::size_t here = bytes.find(kSyncedCount); here != std::string::npos; here = bytes.find(kSyncedCount, here + 1)) {
      ByteReader in{as_bytes(std::string_view(bytes).substr(here + kSyncedCount.size()))};
      if (in.u8() != 8) continue;
      const std::uint64_t count = in.u64();
      if (in.ok()) out = std::max(out, count);
    }
  }
  return out;
}

std::uint64_t FarReplay::promised_from(std::uint64_t log) {
  if (!looked_ || log != log_) promised_ = synced_traces(folder_, log);
  looked_ = true;
  log_ = log;
  return promised_;
}

Result<bool> FarReplay::all_there(const std::vector<ValuePlace>& places) {
  if (settle_) SATCHEL_TRY(values_.settle());
  for (const ValuePlace& place : places) {
    const auto value = values_.read(place);
    if (!value && value.error().code != Code::kStoreDamaged) return value.error();
    if (!value) return false;
  }
  return true;
}

rocksdb::WalFilter::WalProcessingOption FarReplay::LogRecordFound(unsigned long long log, const std::string&,
                                                                  const rocksdb::WriteBatch& batch, rocksdb::WriteBatch*, bool*) {
  if (cut_) return WalProcessingOption::kStopReplay;
  Contents contents;
  if (!batch.Iterate(&contents).ok()) return WalProcessingOption::kContinueProcessing;  // RocksDB finds the same, and says so
  if (contents.synced) {
    seen_ = std::max(seen_, *contents.synced);
    return WalProcessingOption::kContinueProcessing;
  }
  if (contents.places.empty() || promised_from(log) > seen_) return WalProcessingOption::kContinueProcessing;
  const auto there = all_there(contents.places);
  if (!there) failure_ = there.error();
  cut_ = there && !*there;
  return cut_ ? WalProcessingOption::kStopReplay : WalProcessingOption::kContinueProcessing;
}

}  // namespace satchel::core
