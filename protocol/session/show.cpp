#include <algorithm>
#include <map>

#include "protocol/session/session.h"

/// Two bundles under one number: how the one who wrote them comes to know.
namespace satchel::protocol {

using core::Result;

namespace {

using Lives = std::map<core::Author, core::Frontier>;

/// Of what `held` says: the hub's word to `reader` and to all, by the life in which it said it.
Lives lives_of_hub(const core::Frontier& held, core::NodeNumber reader) {
  Lives out;
  for (const auto& [log, seq] : held.entries()) {
    const bool heard = log.audience == core::kEveryone || log.audience.value == reader.value;
    if (log.author.node == core::kHubNumber && heard) out[log.author].raise(log, seq);
  }
  return out;
}

}  // namespace

/// The author itself offers something else than it once gave us under this number, or before it: its disk was set back, or there
/// are two of it. It believes its own signature. A receipt might never tell it: the hub has none to learn from, and of what only
/// began to arrive here, and will never be whole, no hub will hear.
Result<void> Session::show_other(const Header& offered) {
  if (offered.id.log.author.node != peer()->number) return {};
  if (!proven_) {  // it rode in the handshake, and may be a recording
    show_later_ = offered;
    return {};
  }
  SATCHEL_TRY_ASSIGN(const auto other, setup_.shelf->standing_against(offered));
  if (other) show_header(other->header, other->previous);
  return {};
}

/// With our frontier: how the hub's word reads here. It believes the frontier, and were its machine set back to an older copy of
/// itself, it would have written something else under the same numbers since, and never send it.
Result<std::optional<Message>> Session::tag_for_peer() const {
  const bool told = peer()->role == core::Role::hub && !owes_frontier_;
  if (!told) return std::optional<Message>{};
  const Lives lives = lives_of_hub(told_, setup_.link.self->number);
  if (lives.empty() || lives.size() > kTagLivesMax) return std::optional<Message>{};
  TagMessage out;
  for (const auto& [life, words] : lives) {
    SATCHEL_TRY_ASSIGN(const auto tag, setup_.shelf->tag_of(words));
    if (!tag) return std::optional<Message>{};
    out.tags.push_back(*tag);
  }
  return std::optional<Message>{std::move(out)};
}

Result<void> Session::say_tag() {
  SATCHEL_TRY_ASSIGN(const auto tag, tag_for_peer());
  if (tag) say(*tag);
  return {};
}

/// At the hub. A tag proves nothing, so that nobody can make the hub change lives by it: what the peer shows is signed.
Result<void> Session::on_tag(const std::vector<core::LogTag>& theirs) {
  if (setup_.shelf->role() != core::Role::hub || !peer_frontier_whole_) return {};
  const Lives lives = lives_of_hub(heard_, peer()->number);
  if (lives.size() != theirs.size()) return {};
  ShowMessage wanted;
  auto tag = theirs.begin();
  for (const auto& [life, words] : lives) {
    SATCHEL_TRY_ASSIGN(const auto ours, setup_.shelf->tag_of(words));
    if (ours == *tag++ || setup_.shelf->knows_other(words)) continue;
    for (const auto& [log, seq] : words.entries()) {
      const core::Seq written = setup_.shelf->written(log);
      wanted.ends.raise(log, written.value == 0 ? seq : std::min(written, seq));
    }
  }
  if (wanted.ends.entries().empty()) return {};
  peer_done_ = false;
  say(wanted);
  return {};
}

/// The ends of its logs: each header is signed over the root before it, so that one that parted earlier shows here, too. Where it
/// has less than we, the place where it ends shows whether it has only forgotten.
Result<void> Session::on_show(const core::Frontier& ends) {
  done_said_ = false;
  if (peer()->role != core::Role::hub) return {};
  for (const auto& [life, words] : lives_of_hub(told_, setup_.link.self->number)) {
    for (const auto& [log, seq] : words.entries()) {
      const core::Seq end = ends.at(log);
      if (end.value == 0) continue;
      if (end < seq) SATCHEL_TRY(show({log, end}));
      SATCHEL_TRY(show({log, seq}));
    }
  }
  return {};
}

/// The bundle from the end of its body: the header alone. What its stream has open begins anew after it, where it had come to.
void Session::show_header(const Header& header, const core::Hash& previous) {
  if (auto& open = outgoing_[Stream::of(header, setup_.link.self->number).index()]) open->announced = false;
  say(BundleOffer{header.body_size(), previous, header.bytes});
  unconfirmed_.emplace(next_ref_++, header.id);
  done_said_ = false;
}

Result<void> Session::show(const core::BundleId& id) {
  SATCHEL_TRY_ASSIGN(const auto header, setup_.shelf->header(id));
  SATCHEL_TRY_ASSIGN(const auto previous, setup_.shelf->previous_root(id));
  if (header && previous) show_header(*header, *previous);
  return {};
}

}  // namespace satchel::protocol
