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

Result<core::TrueTime> true_time_of(const core::Store& store, const core::StudentState& state, const core::CaptureSeen& capture) {
  std::optional<std::int64_t> anchor;
  SATCHEL_TRY_ASSIGN(const auto row, store.get(anchor_key(capture.author, capture.fact.taken.boot_id)));
  if (row) anchor = static_cast<std::int64_t>(core::ByteReader{*row}.u64());
  return core::true_time(state, capture, anchor);
}

json::object true_time_document(const core::TrueTime& time) {
  const auto text = [](const std::optional<core::WallMs>& at) { return at ? json::value(core::to_iso8601(*at)) : json::value(); };
  return {{"not_before", text(time.not_before)}, {"not_after", text(time.not_after)}, {"clock_wrong", time.clock_wrong}};
}

}  // namespace satchel::node
