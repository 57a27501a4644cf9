#include <algorithm>
#include <tuple>

#include "core/store/keys.h"
#include "protocol/shelf/body_store.h"
#include "protocol/shelf/shelf.h"
#include "protocol/shelf/shelf_keys.h"

/// How much is kept for others, and what goes first when there is no room: protocol/SPEC.md, "No room".
namespace satchel::protocol {

namespace keys = core::keys;
using core::BundleId;
using core::Bytes;
using core::ByteView;
using core::Code;
using core::Durability;
using core::Error;
using core::Lane;
using core::LogId;
using core::Result;
using core::Seq;
using core::WriteBatch;

namespace {

/// From the least urgent lane on. Control is never evicted.
constexpr std::array kEvictedLanes{Lane::original, Lane::photo, Lane::record};

}  // namespace

struct Shelf::Usage {
  std::uint64_t of_author = 0;  ///< foreign, of the same author and lane
  std::uint64_t foreign = 0;
  std::uint64_t arriving = 0;  ///< bytes that are still to come
  std::size_t partials_of_author = 0;
};

/// As it would be with this bundle.
Shelf::Usage Shelf::usage_with(const Header& header) const {
  const LogId& log = header.id.log;
  const std::uint64_t need = header.bytes.size() + header.body_size();
  Usage out{need, need, need, 0};
  for (const auto& [id, partial] : arriving_) {
    const std::uint64_t bytes = partial.header.bytes.size() + partial.header.body_size();
    out.arriving += partial.header.body_size() - partial.offset;
    const bool same_author = id.log.author.node == log.author.node;
    if (same_author) ++out.partials_of_author;
    if (for_us(id.log)) continue;
    out.foreign += bytes;
    if (same_author && id.log.lane == log.lane) out.of_author += bytes;
  }
  if (for_us(log)) return out;  // its share plays no part
  for (const auto& [held, log_summary] : logs_) {
    if (own(held) || for_us(held)) continue;
    out.foreign += log_summary.held_bytes;
    if (held.author.node == log.author.node && held.lane == log.lane) out.of_author += log_summary.held_bytes;
  }
  return out;
}

/// Bytes that must be free on the disk for this bundle to be taken.
std::uint64_t Shelf::disk_wanted(const Header& header, std::uint64_t arriving) const {
  const bool ours = for_us(header.id.log);
  if (ours && header.id.log.lane == Lane::control) return 0;
  return arriving + (ours ? limits_.own_free_bytes_min : limits_.free_bytes_min);
}

std::optional<Error> Shelf::over_quota(const Header& header) const {
  if (arriving_.size() >= kPartialsMax) return Error{Code::kQuota, "too many bodies are arriving"};
  const Usage usage = usage_with(header);
  if (usage.partials_of_author >= kPartialsOfAuthorMax) return Error{Code::kQuota, "too many bodies of this node are arriving"};
  if (free_disk_ < disk_wanted(header, usage.arriving)) return Error{Code::kQuota, "the disk is nearly full"};
  if (for_us(header.id.log)) return std::nullopt;
  if (usage.of_author > limits_.author_lane_bytes[core::lane_index(header.id.log.lane)]) {
    return Error{Code::kQuota, "this node's share"};
  }
  if (usage.foreign > limits_.foreign_bytes) return Error{Code::kQuota, "the share for others"};
  return std::nullopt;
}

// --- eviction

/// Evicts what is less urgent, if that makes room for this bundle; else nothing. False when it does not.
Result<bool> Shelf::make_room(const Header& header) {
  const bool ours = for_us(header.id.log);
  const Usage usage = usage_with(header);
  if (arriving_.size() >= kPartialsMax || usage.partials_of_author >= kPartialsOfAuthorMax) return false;
  if (!ours && usage.of_author > limits_.author_lane_bytes[core::lane_index(header.id.log.lane)]) return false;
  const std::uint64_t wanted = disk_wanted(header, usage.arriving);
  std::uint64_t lacking = wanted > free_disk_ ? wanted - free_disk_ : 0;
  if (!ours && usage.foreign > limits_.foreign_bytes) lacking = std::max(lacking, usage.foreign - limits_.foreign_bytes);
  // Only what is strictly less urgent goes, so that no two bundles can drive each other out in turn.
  const Lane above = ours ? Lane::control : header.id.log.lane;
  SATCHEL_TRY_ASSIGN(const std::vector<Victim> victims, victims_for(lacking, above));
  std::uint64_t there = 0;
  for (const Victim& victim : victims) there += victim.bytes;
  if (lacking == 0) return false;
  if (there < lacking) {
    if (!ours) note_lacked(header.id.log.lane, header.bytes.size() + header.body_size());
    return false;
  }
  SATCHEL_TRY(evict(victims));
  return true;
}

/// So much room was not there for a bundle of that lane: until it is, nobody need offer one.
void Shelf::note_lacked(Lane lane, std::uint64_t bytes) {
  std::uint64_t& least = lacked_[core::lane_index(lane)];
  least = least == 0 ? bytes : std::min(least, bytes);
}

Result<std::uint64_t> Shelf::relieve() {
  const std::uint64_t lacking = free_disk_ < limits_.free_bytes_min ? limits_.free_bytes_min - free_disk_ : 0;
  SATCHEL_TRY_ASSIGN(const std::vector<Victim> victims, victims_for(lacking, Lane::control));
  std::uint64_t freed = 0;
  for (const Victim& victim : victims) freed += victim.bytes;
  SATCHEL_TRY(evict(victims));
  return freed;
}

/// What goes first, in this order, until it is `bytes` or there is no more: of lanes less urgent than `above`, the least urgent
/// first; in a lane what most others are known to hold, then what has been here longest; last what has not come whole.
Result<std::vector<Shelf::Victim>> Shelf::victims_for(std::uint64_t bytes, Lane above) const {
  std::vector<Victim> out;
  std::uint64_t found = 0;
  for (const Lane lane : kEvictedLanes) {
    if (lane <= above || found >= bytes) break;
    std::vector<Victim> of_lane;
    for (const auto& [log, log_summary] : logs_) {
      if (log.lane != lane || own(log) || for_us(log) || log_summary.held_bundles == 0) continue;
      SATCHEL_TRY(list_victims(log, of_lane));
    }
    for (const auto& [id, partial] : arriving_) {
      if (id.log.lane != lane || for_us(id.log)) continue;
      // As much as it holds of the share; of the disk that is what has come and the place kept for the rest.
      of_lane.push_back({id, partial.header.bytes.size() + partial.header.body_size(), 0, 0, true});
    }
    std::ranges::stable_sort(of_lane, {}, [](const Victim& one) {
      return std::tuple{one.partial, ~std::uint64_t{one.copies}, one.arrival};
    });
    for (auto victim = of_lane.begin(); victim != of_lane.end() && found < bytes; ++victim) {
      found += victim->bytes;
      out.push_back(*victim);
    }
  }
  return out;
}

Result<void> Shelf::list_victims(const LogId& log, std::vector<Victim>& out) const {
  std::optional<Error> fault;
  SATCHEL_TRY(store_->scan(keys::log(keys::kHeader, log), {}, [&](ByteView key, ByteView value) {
    const auto id = keys::parse_at(key);
    auto stored = decode_header_row(value);
    auto header = stored ? stored_header(stored->header) : Result<Header>{stored.error()};
    if (!id || !header) {
      fault = header ? Error{Code::kStoreDamaged, "key of a bundle"} : header.error();
      return false;
    }
    if (stored->body_dropped) return true;  // there is nothing to gain
    const auto copies = std::ranges::count_if(neighbours_, [&](const auto& one) { return one.second.holds.covers(*id); });
    out.push_back({*id, header->bytes.size() + header->body_size(), static_cast<std::uint32_t>(copies), stored->arrival, false});
    return true;
  }));
  if (fault) return *fault;
  return {};
}

Result<void> Shelf::evict(const std::vector<Victim>& victims) {
  for (const Victim& victim : victims) {
    SATCHEL_TRY(victim.partial ? abandon(victim.id) : evict_bundle(victim.id));
    note_lacked(victim.id.log.lane, victim.bytes);
    free_disk_ += free_disk_ == ~0ULL ? 0 : victim.bytes;
  }
  if (victims.empty()) return {};
  return store_->reclaim(Bytes{static_cast<std::uint8_t>(keys::kChunk)});
}

/// The log reaches from now on only up to before it: what we say of it stays true, and it is taken again when there is room.
Result<void> Shelf::evict_bundle(const BundleId& id) {
  SATCHEL_TRY_ASSIGN(const auto stored, row(id));
  if (!stored) return {};
  SATCHEL_TRY_ASSIGN(const Header header, stored_header(stored->header));
  LogRow log_summary = log_row(id.log);
  log_summary.held_bundles -= 1;
  log_summary.held_bytes -= header.bytes.size() + (stored->body_dropped ? 0 : header.body_size());
  if (log_summary.contiguous >= id.seq) {
    log_summary.contiguous = log_summary.root_at = Seq{id.seq.value - 1};
    log_summary.root = stored->previous;
  }
  WriteBatch batch;
  batch.remove(keys::bundle(keys::kHeader, id));
  if (!stored->body_dropped) remove_body(batch, header);
  batch.put(log_key(id.log), encode(log_summary));
  SATCHEL_TRY(commit(batch, Durability::later));
  logs_[id.log] = log_summary;
  set_back_[id.log] = ++setbacks_;
  return {};
}

// --- what peers are told

/// Lanes of which nothing of others would be taken now. A lane is open as long as something less urgent can make way for it.
std::uint8_t Shelf::full_lanes() const {
  std::uint64_t foreign = 0;
  std::array<std::uint64_t, 4> of_lane{};
  for (const auto& [log, log_summary] : logs_) {
    if (own(log) || for_us(log)) continue;
    foreign += log_summary.held_bytes;
    of_lane[core::lane_index(log.lane)] += log_summary.held_bytes;
  }
  const std::uint64_t of_disk = free_disk_ > limits_.free_bytes_min ? free_disk_ - limits_.free_bytes_min : 0;
  const std::uint64_t of_share = limits_.foreign_bytes > foreign ? limits_.foreign_bytes - foreign : 0;
  std::uint64_t room = std::min(of_disk, of_share);
  std::uint8_t out = 0;
  for (const Lane lane : kEvictedLanes) {
    const std::size_t at = core::lane_index(lane);
    const std::uint64_t least = std::max(lacked_[at], std::min(kRoomLeast, limits_.foreign_bytes / kRoomShare));
    if (room < least) out = static_cast<std::uint8_t>(out | (1U << at));
    room += of_lane[at];
  }
  return out;
}

}  // namespace satchel::protocol
