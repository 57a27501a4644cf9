#include "protocol/session/session.h"

/// What a meeting teaches the shelf about ways to the hub.
namespace satchel::protocol {

using core::Result;

/// Whom we speak with, as far as it decides what to send. Before its hello has come it is what it was last time.
Peer Session::addressee() const {
  const core::NodeNumber number = peer()->number;
  return {number, peer()->role, true, peer_way_ ? *peer_way_ : setup_.shelf->last_way_of(number), false};
}

/// It is there, and what it said was no recording.
Result<void> Session::note_proven() {
  if (std::exchange(proven_, true)) return {};
  SATCHEL_TRY(note_meeting());
  if (show_later_) SATCHEL_TRY(show_other(*std::exchange(show_later_, std::nullopt)));
  return {};
}

Result<void> Session::note_meeting() {
  const auto& receipt = setup_.shelf->receipt();
  const ReceiptMark ours = receipt ? ReceiptMark{receipt->epoch, receipt->version} : ReceiptMark{};
  if (!met_at_) setup_.shelf->forget_holds(peer()->number);  // it may hold less than at the last meeting
  met_at_ = now_;
  note_peer_holds();
  SATCHEL_TRY(setup_.shelf->met(addressee(), ours == peer_receipt_, now_));
  offers_stale_ = true;
  // A line that was too slow for originals may be another by now: it is measured anew.
  steady_rate_.reset();
  originals_held_ = false;
  return {};
}

void Session::note_peer_holds() {
  if (peer_frontier_whole_) setup_.shelf->note_holds(peer()->number, heard_);
}

/// A meeting may stay open for weeks: whoever is passed over for want of room is to hear when there is room again.
void Session::tell_way() {
  if (link_.stage() != Link::Stage::open || !greeted_) return;
  const Way now = setup_.shelf->way();
  if (now.full == told_way_.full) return;
  told_way_ = now;
  say(WayMessage{now});
}

}  // namespace satchel::protocol
