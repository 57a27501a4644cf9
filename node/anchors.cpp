#include "node/anchors.h"

#include <algorithm>
#include <boost/json/value.hpp>

#include "core/store/keys.h"

namespace satchel::node {

using core::Result;
namespace json = boost::json;

namespace {

core::Bytes anchor_key(core::NodeNumber author, std::uint64_t boot) {
  core::Bytes key = core::keys::named(core::keys::kMeta, "anchor.");
  core::append(key, core::ByteWriter{}.u32_be(author.value).u64_be(boot).bytes());
  return key;
}

}  // namespace

Result<void> put_anchor(const core::Store& store, core::WriteBatch& batch, core::NodeNumber author, const core::Moment& moment,
                        core::WallMs now) {
  if (moment.boot_id == 0) return {};
  core::Bytes key = anchor_key(author, moment.boot_id);
  SATCHEL_TRY_ASSIGN(const auto row, store.get(key));
  const std::int64_t offset = now.value - moment.mono.value;
  if (row && static_cast<std::int64_t>(core::ByteReader{*row}.u64()) <= offset) return {};
  batch.put(std::move(key), core::ByteWriter{}.u64(static_cast<std::uint64_t>(offset)).bytes());
  return {};
}

Result<WhenTaken> when_taken(const core::Store& store, const core::StudentState& state, const core::Profile& profile,
                             const core::CaptureSeen& capture) {
  std::optional<std::int64_t> anchor;
  SATCHEL_TRY_ASSIGN(const auto row, store.get(anchor_key(capture.author, capture.fact.taken.boot_id)));
  if (row) anchor = static_cast<std::int64_t>(core::ByteReader{*row}.u64());
  WhenTaken out;
  out.between = core::true_time(state, capture, anchor);
  out.judged = core::punctual(state, profile, capture, out.between);
  return out;
}

void tell_taken(json::object& out, const core::CaptureSeen& capture, const WhenTaken& taken) {
  const auto text = [](const std::optional<core::WallMs>& at) { return at ? json::value(core::to_iso8601(*at)) : json::value(); };
  const core::TrueTime& between = taken.between;
  out["taken"] = core::to_iso8601(capture.fact.taken.wall);
  out["taken_between"] = json::object{
      {"not_before", text(between.not_before)}, {"not_after", text(between.not_after)}, {"clock_wrong", between.clock_wrong}};
  out["in_window"] = core::in_window_name(taken.judged.told);
}

}  // namespace satchel::node
