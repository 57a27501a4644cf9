#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/crypto/membership.h"
#include "core/store/memory_store.h"
#include "protocol/bundle/bundle.h"
#include "protocol/bundle/payload.h"
#include "protocol/shelf/shelf.h"
#include "tests/support/seeded_rng.h"
#include "tests/support/with_crypto.h"

namespace satchel::tests {

/// One node of a small campaign, with a store of its own.
struct Node {
  core::Member member;
  core::Identity identity;
  core::Membership membership;
  core::MemoryStore store;
  std::unique_ptr<protocol::Shelf> shelf;

  /// As after a restart: only what the store holds is left.
  core::Result<void> reopen(const protocol::ShelfLimits& limits = {}) {
    shelf.reset();
    auto opened = protocol::Shelf::open(store, membership, member.number, member.role, limits);
    if (!opened) return opened.error();
    shelf = *std::move(opened);
    return {};
  }
  protocol::Peer peer() const { return {member.number, member.role, true}; }
};

/// A hub, two sites and a relay that know each other.
class Village {
 public:
  explicit Village(std::uint64_t seed = 1)
      : rng(seed),
        hub_identity_(core::make_identity(rng)),
        recovery_(core::make_box_keys(rng)),
        founding(core::make_founding("test", hub_identity_, recovery_.public_key, rng)),
        group_key(32, 7) {
    hub = make(0, core::Role::hub, "hub", hub_identity_.clone());
    east = make(1, core::Role::site, "east", core::make_identity(rng));
    west = make(2, core::Role::site, "west", core::make_identity(rng));
    relay = make(3, core::Role::relay, "relay", core::make_identity(rng));
    for (Node* node : all()) {
      for (const Node* other : all()) SATCHEL_CHECK(node->membership.add(other->member).has_value());
      SATCHEL_CHECK(node->reopen().has_value());
    }
  }

  std::vector<Node*> all() const { return {hub.get(), east.get(), west.get(), relay.get()}; }

  static core::LogId log(const Node& author, core::Lane lane, core::Audience audience = core::kToHub) {
    return {{author.member.number, core::Incarnation{1000 + author.member.number.value}}, audience, lane};
  }

  protocol::SealRequest request(const core::BundleId& id, const core::Hash& previous, core::ByteView payload) const {
    protocol::SealRequest out{id, previous, {}, {}, payload, protocol::ChunkSize::k64};
    if (id.log.audience == core::kEveryone) {
      out.group_key = group_key;
    } else if (id.log.audience == core::kToHub) {
      out.recipients = {founding.hub_box, founding.recovery_box};
    } else {
      out.recipients = {hub->membership.find(core::NodeNumber{id.log.audience.value})->box};
    }
    return out;
  }

  /// A blob of `size` random bytes, sealed at the next place of the log, without going into a shelf.
  protocol::SealedBundle seal_at(const Node& author, const core::BundleId& id, const core::Hash& previous, std::size_t size,
                                 protocol::ChunkSize chunk = protocol::ChunkSize::k64) {
    core::Bytes blob(size);
    rng.fill(blob);
    const core::Bytes payload = protocol::encode_payload({{}, {blob}});
    protocol::SealRequest wanted = request(id, previous, payload);
    wanted.chunk_size = chunk;
    auto sealed = protocol::seal_bundle(wanted, author.identity.sign, rng);
    SATCHEL_CHECK(sealed.has_value());
    return *std::move(sealed);
  }

  /// The author writes a bundle into its own shelf, durably.
  core::BundleId write(Node& author, core::Lane lane, std::size_t size, core::Audience audience = core::kToHub,
                       protocol::ChunkSize chunk = protocol::ChunkSize::k64) {
    auto stage = author.shelf->stage();
    const core::LogId where = log(author, lane, audience);
    const auto place = stage.next(where);
    SATCHEL_CHECK(place.has_value());
    const core::BundleId id{where, place->seq};
    core::WriteBatch batch;
    SATCHEL_CHECK(stage.add(batch, seal_at(author, id, place->previous_root, size, chunk)).has_value());
    SATCHEL_CHECK(author.store.commit(batch, core::Durability::synced).has_value());
    author.shelf->accept(std::move(stage));
    return id;
  }

  /// What a receipt of the hub says now.
  core::Receipt issue(std::uint64_t version, std::uint32_t epoch = 1) {
    core::Receipt out;
    out.campaign = founding.id();
    out.hub = core::Incarnation{1};
    out.epoch = epoch;
    out.version = version;
    auto reached = hub->shelf->reached();
    SATCHEL_CHECK(reached.has_value());
    out.logs = reached->logs;
    out.tags = reached->tags;
    core::sign_receipt(out, hub->identity.sign);
    return out;
  }

  SeededRng rng;

 private:
  core::Identity hub_identity_;
  core::BoxKeys recovery_;

 public:
  core::Founding founding;
  core::Bytes group_key;
  std::unique_ptr<Node> hub, east, west, relay;
  const core::BoxKeys& recovery() const { return recovery_; }

 private:
  std::unique_ptr<Node> make(std::uint32_t number, core::Role role, const std::string& name, core::Identity identity) {
    core::Member member = core::make_member(founding.id(), core::NodeNumber{number}, role, name, identity.sign.public_key,
                                            identity.box.public_key, hub_identity_.sign);
    return std::unique_ptr<Node>{new Node{member, std::move(identity), core::Membership{founding}, {}, nullptr}};
  }
};

/// Hands one bundle over, `step` bytes at a time, as a carrier does. Ends early at a refusal.
inline core::Result<protocol::Begin> hand_over(const protocol::Shelf& from, protocol::Shelf& to, const core::BundleId& id,
                                               std::size_t step = 4096) {
  const auto header = from.header(id);
  const auto previous = from.previous_root(id);
  SATCHEL_CHECK(header && *header && previous && *previous);
  auto begin = to.begin((*header)->bytes, **previous);
  if (!begin || begin->outcome != protocol::Begin::Outcome::take) return begin;
  for (std::uint64_t at = begin->offset; at < (*header)->body_size();) {
    const auto piece = from.read(id, at, step);
    if (!piece) return piece.error();
    const auto progress = to.append(id, at, *piece);
    if (!progress) return progress.error();
    SATCHEL_CHECK(!progress->damaged);
    at = progress->offset;
  }
  SATCHEL_TRY(to.finish(id));
  return begin;
}

/// One meeting in one direction: everything that `from` would offer. The number of bundles that were taken.
inline std::size_t meet(const Node& from, Node& to, std::size_t step = 4096) {
  const auto partials = to.shelf->partials();
  const auto offers = from.shelf->offers_for(to.peer(), to.shelf->frontier(), partials);
  SATCHEL_CHECK(offers.has_value());
  std::size_t taken = 0;
  for (const core::BundleId& id : *offers) {
    const auto begin = hand_over(*from.shelf, *to.shelf, id, step);
    SATCHEL_CHECK(begin.has_value());
    taken += begin->outcome == protocol::Begin::Outcome::take ? 1U : 0U;
  }
  SATCHEL_CHECK(to.shelf->flush().has_value());
  return taken;
}

}  // namespace satchel::tests
