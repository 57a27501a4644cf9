#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "core/base/bytes.h"
#include "core/base/check.h"
#include "core/base/ids.h"

namespace satchel::protocol {

/// Bodies that have just arrived and are to be opened soon: kept in memory from their first byte on, so that opening need not
/// read and hash again what was hashed when it came. A body that does not fit is read from the store, as after a restart.
class FreshBodies {
 public:
  explicit FreshBodies(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// A body of `size` bytes begins to arrive.
  void expect(const core::BundleId& id, std::uint64_t size) {
    if (size > bytes_max_ - reserved_ || bodies_.contains(id)) return;
    reserved_ += size;
    Body& body = bodies_[id];
    body.size = size;
    body.bytes.reserve(static_cast<std::size_t>(size));
  }
  /// Its next bytes. Those that prove to be damaged must be followed by forget().
  void add(const core::BundleId& id, std::uint64_t offset, core::ByteView piece) {
    const auto found = bodies_.find(id);
    if (found == bodies_.end()) return;
    Body& body = found->second;
    SATCHEL_CHECK(body.bytes.size() == offset && piece.size() <= body.size - offset);
    core::append(body.bytes, piece);
  }
  /// What has come of it, from its first byte; nullopt when it is not kept. Valid until the next change of it.
  std::optional<core::ByteView> so_far(const core::BundleId& id) const {
    const auto found = bodies_.find(id);
    if (found == bodies_.end()) return std::nullopt;
    return core::ByteView{found->second.bytes};
  }
  void forget(const core::BundleId& id) {
    const auto found = bodies_.find(id);
    if (found == bodies_.end()) return;
    reserved_ -= found->second.size;
    bodies_.erase(found);
  }
  /// The whole body, which is not kept any more; nullopt when it is not here, or not wholly.
  std::optional<core::Bytes> take(const core::BundleId& id) {
    const auto found = bodies_.find(id);
    if (found == bodies_.end() || found->second.bytes.size() != found->second.size) return std::nullopt;
    core::Bytes out = std::move(found->second.bytes);
    forget(id);
    return out;
  }

 private:
  struct Body {
    std::uint64_t size = 0;  ///< when it is whole
    core::Bytes bytes;
  };
  std::uint64_t bytes_max_;
  std::uint64_t reserved_ = 0;  ///< of what is here and what of it is still to come
  std::map<core::BundleId, Body> bodies_;
};

}  // namespace satchel::protocol
