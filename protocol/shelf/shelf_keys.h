#pragma once

#include <optional>

#include "core/store/keys.h"

/// Keys of the shelf that core/store/keys.h names by letter only.
namespace satchel::protocol {

inline core::Bytes log_key(const core::LogId& log) { return core::keys::log(core::keys::kLog, log); }

inline std::optional<core::LogId> parse_log_key(core::ByteView key) {
  core::Bytes padded = core::to_bytes(key);  // a log's key is a bundle's without the number
  padded.insert(padded.end(), 8, 0);
  const auto id = core::keys::parse_at(padded);
  if (!id || key.size() != 18) return std::nullopt;
  return id->log;
}

inline core::Bytes receipt_key() { return core::keys::named(core::keys::kMeta, "shelf.receipt"); }
inline core::Bytes beyond_key() { return core::keys::named(core::keys::kMeta, "shelf.beyond"); }
inline core::Bytes lives_key() { return core::keys::named(core::keys::kMeta, "shelf.lives"); }
inline core::Bytes outrun_key() { return core::keys::named(core::keys::kMeta, "shelf.outrun"); }
inline core::Bytes standing_key() { return core::keys::named(core::keys::kMeta, "shelf.standing"); }
/// Rewritten with every flush: a synced commit needs something to commit.
inline core::Bytes flush_key() { return core::keys::named(core::keys::kMeta, "shelf.flush"); }

inline core::Bytes peer_key(core::NodeNumber node) {
  core::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(core::keys::kPeer)).u32_be(node.value);
  return std::move(out).take();
}

inline core::Bytes neighbour_key(core::NodeNumber node) {
  core::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(core::keys::kNeighbour)).u32_be(node.value);
  return std::move(out).take();
}

inline core::Bytes let_go_key(core::NodeNumber author, std::uint64_t mark) {
  core::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(core::keys::kLetGo)).u32_be(author.value).u64_be(mark);
  return std::move(out).take();
}

inline core::Bytes direct_key(core::NodeNumber node) {
  core::ByteWriter out;
  out.u8(static_cast<std::uint8_t>(core::keys::kDirect)).u32_be(node.value);
  return std::move(out).take();
}

}  // namespace satchel::protocol
