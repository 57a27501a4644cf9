#include "protocol/session/session.h"

/// Bodies that nobody wants any more, seen from both ends of a meeting.
namespace satchel::protocol {

using core::Code;
using core::Result;

/// What is coming has become complete here by another way, or was let go: the peer is told at once, not at its next piece.
Result<void> Session::pass_what_is_held() {
  for (Incoming& incoming : incoming_) {
    if (incoming.mood != Incoming::Mood::taking) continue;
    SATCHEL_TRY_ASSIGN(const auto held, setup_.shelf->header(incoming.id));
    if (!held) continue;
    incoming.mood = Incoming::Mood::passing;
    answer({MessageKind::skip, incoming.ref, 0, Code::kInternal});
  }
  return {};
}

/// Where to begin. The hub has let go of what we know to be rejected: it is offered from its end, which sends the header alone,
/// and should the hub not have heard of it yet, it asks `back`. A relay cannot know, and gets the whole.
std::uint64_t Session::first_offset(const Header& header, std::uint64_t wanted) const {
  const bool moot = peer()->role == core::Role::hub && setup_.shelf->own(header.id.log) && setup_.shelf->unwanted(header);
  return moot ? header.body_size() : std::min(wanted, header.body_size());
}

}  // namespace satchel::protocol
