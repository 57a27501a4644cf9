#include "core/record/high_water.h"

#include "core/base/check.h"
#include "core/crypto/hash.h"
#include "core/record/frontier.h"

namespace satchel::core {
namespace {

constexpr std::string_view kMagic = "satchel-high-water";
constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kContext = "satchel high water";
constexpr std::uint64_t kFileMax = 1024 * 1024;

/// Never zero, which stands for "none" elsewhere.
Incarnation fresh(Rng& rng) {
  Incarnation out;
  while (out.value == 0) out.value = rng.u64();
  return out;
}

}  // namespace

Result<HighWater> HighWater::open(Disk& disk, std::string path, Rng& rng) {
  HighWater out{disk, std::move(path)};
  Result<Bytes> file = disk.read(out.path_, kFileMax);
  if (!file) {
    if (file.error().code != Code::kFileMissing) return file.error();
    out.incarnation_ = fresh(rng);
    out.epoch_ = 1;
    SATCHEL_TRY(out.write());
    return out;
  }
  SATCHEL_TRY(out.parse(*file));
  return out;
}

Result<void> HighWater::parse(ByteView file) {
  if (file.size() < Hash::kSize) return Code::kMalformed;
  const ByteView before = file.first(file.size() - Hash::kSize);
  if (!same_bytes(hash(kContext, before).view(), file.last(Hash::kSize))) return Code::kMalformed;
  ByteReader in{before};
  if (as_text(in.raw(kMagic.size())) != kMagic) return Code::kMalformed;
  if (in.u8() != kVersion) return Code::kVersionUnknown;
  incarnation_.value = in.u64();
  epoch_ = in.u32();
  if (!in.ok()) return Code::kMalformed;
  SATCHEL_TRY_ASSIGN(const Frontier reached, decode_frontier(in.rest()));
  reached_ = reached.entries();
  return {};
}

Seq HighWater::at(const LogId& log) const {
  const auto found = reached_.find(log);
  return found == reached_.end() ? Seq{} : found->second;
}

Result<void> HighWater::raise(const std::map<LogId, Seq>& reached) {
  std::map<LogId, Seq> raised = reached_;
  for (const auto& [log, seq] : reached) {
    SATCHEL_CHECK(log.author.incarnation == incarnation_);
    if (seq.value == 0) continue;
    Seq& held = raised[log];
    held = std::max(held, seq);
  }
  if (raised == reached_) return {};
  std::swap(raised, reached_);
  const Result<void> written = write();
  // What did not reach the disk has not been raised: the next call must try again.
  if (!written) std::swap(raised, reached_);
  return written;
}

bool HighWater::matches(const std::map<LogId, Seq>& in_database) const {
  for (const auto& [log, seq] : reached_) {
    const auto found = in_database.find(log);
    if (found == in_database.end() || found->second < seq) return false;
  }
  return true;
}

Result<void> HighWater::reincarnate(Rng& rng, std::uint32_t above) {
  HighWater next{*disk_, path_};
  do {
    next.incarnation_ = fresh(rng);
  } while (next.incarnation_ == incarnation_);
  next.epoch_ = std::max(epoch_, above) + 1;
  SATCHEL_TRY(next.write());
  *this = std::move(next);
  return {};
}

Result<void> HighWater::write() const {
  Frontier reached;
  for (const auto& [log, seq] : reached_) reached.raise(log, seq);
  ByteWriter out;
  out.raw(as_bytes(kMagic)).u8(kVersion).u64(incarnation_.value).u32(epoch_).raw(encode(reached));
  const Hash closing = hash(kContext, out.bytes());
  return disk_->write_atomic(path_, out.raw(closing.view()).bytes());
}

}  // namespace satchel::core
