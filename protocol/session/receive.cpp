#include <algorithm>

#include "protocol/session/session.h"

/// What the peer offers, and how we answer.
namespace satchel::protocol {

using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

bool says_nothing_new(const Message& message) {
  return std::holds_alternative<Plain>(message) || std::holds_alternative<WayMessage>(message) ||
         std::holds_alternative<TagMessage>(message) || std::holds_alternative<ShowMessage>(message);
}

Error left_with(Code code) {
  const bool refused =
      code == Code::kRevoked || code == Code::kPeerNotEnrolled || code == Code::kRefusedByPeer || code == Code::kOtherCampaign;
  return Error{refused ? Code::kRefusedByPeer : Code::kLinkBroken, "the other side says " + std::string{core::info(code).id}};
}

}  // namespace

Result<void> Session::on_message(const Message& message) {
  if (!says_nothing_new(message)) note_gain();
  return std::visit(Overloaded{
                        [&](const ReceiptPart& part) { return on_receipt(part); },
                        [&](const MemberMessage& member) { return on_member(member.certificate); },
                        [&](const FrontierPart& part) { return on_frontier(part); },
                        [&](const BundleOffer& offer) { return on_bundle(offer); },
                        [&](const DataPiece& piece) { return on_data(piece); },
                        [&](const Answer& said) { return on_answer(said); },
                        [&](const Stored& stored) { return on_stored(stored); },
                        [&](const Plain& plain) -> Result<void> {
                          if (plain.kind == MessageKind::done) on_done();
                          if (plain.kind == MessageKind::ping) {
                            say(Plain{MessageKind::pong});
                            tell_way();
                          }
                          return {};
                        },
                        [&](const WayMessage& said) -> Result<void> {
                          peer_way_ = said.way;
                          offers_stale_ = true;
                          return {};
                        },
                        [&](const TagMessage& said) { return on_tag(said.tags); },
                        [&](const ShowMessage& said) { return on_show(said.ends); },
                        [&](const Bye& bye) -> Result<void> {
                          peer_left_ = true;
                          return left_with(bye.code);
                        },
                    },
                    message);
}

/// What was begun and not ended will not come: a receipt freed it at the sender's.
void Session::on_done() {
  if (!std::exchange(peer_done_, true)) note_gain();
  for (Incoming& incoming : incoming_) {
    if (incoming.mood == Incoming::Mood::taking && !incoming.resyncing) incoming.mood = Incoming::Mood::passing;
  }
}

// --- what everybody may know

Result<void> Session::on_receipt(const ReceiptPart& part) {
  peer_done_ = false;
  if (receipt_in_.size() + part.bytes.size() > kReceiptMax) return Error{Code::kLimitExceeded, "receipt"};
  core::append(receipt_in_, part.bytes);
  if (!part.last) return {};
  const core::Founding& founding = setup_.link.membership->founding();
  const core::Bytes whole = std::exchange(receipt_in_, {});
  SATCHEL_TRY_ASSIGN(const core::Receipt receipt, core::decode_receipt(whole, founding.id(), founding.hub_sign));
  peer_receipt_ = std::max(peer_receipt_, ReceiptMark{receipt.epoch, receipt.version});
  peer_way_ = part.way;
  SATCHEL_TRY_ASSIGN(const bool newer, setup_.shelf->hear_receipt(receipt));
  if (newer) {
    ++stats_.receipts_received;
    SATCHEL_TRY(setup_.shelf->heard_from(addressee()));
  }
  merge_hub_receipt();
  offers_stale_ = true;
  return {};
}

Result<void> Session::on_member(ByteView certificate) {
  peer_done_ = false;
  SATCHEL_TRY_ASSIGN(const core::Member member, core::decode_member(certificate, setup_.link.membership->founding()));
  if (setup_.link.membership->find(member.number)) return {};
  return setup_.learn(member);
}

Result<void> Session::on_frontier(const FrontierPart& part) {
  peer_done_ = false;
  peer_frontier_.merge(part.frontier);
  heard_.merge(part.frontier);
  if (peer_frontier_.entries().size() > core::kFrontierEntriesMax) return Error{Code::kLimitExceeded, "frontier"};
  if (part.last) peer_frontier_whole_ = true;
  if (proven_) note_peer_holds();
  offers_stale_ = true;
  return note_direct(part.frontier);
}

/// What a node says of the logs that are addressed to it. The hub's word is its signed receipt and nothing else.
Result<void> Session::note_direct(const core::Frontier& said) {
  if (peer()->number == core::kHubNumber) return {};
  core::Frontier direct;
  for (const auto& [log, seq] : said.entries()) {
    if (log.audience.value == peer()->number.value) direct.raise(log, seq);
  }
  if (direct.entries().empty()) return {};
  return setup_.shelf->set_direct(peer()->number, direct);
}

// --- bundles

void Session::answer(const Answer& answer) { say(answer); }

void Session::refuse_offer(Incoming& incoming, Code code) {
  note_refused(incoming.id, code, false);
  incoming.mood = Incoming::Mood::passing;
  answer({MessageKind::refuse, incoming.ref, 0, code});
  if (code == Code::kQuota) tell_way();
}

Result<void> Session::on_bundle(const BundleOffer& offer) {
  peer_done_ = false;
  const std::uint64_t ref = next_ref_in_++;
  SATCHEL_TRY_ASSIGN(const Header header, parse_header(offer.header));
  if (offer.offset > header.body_size()) return Error{Code::kMalformed, "a body that begins beyond its end"};
  Incoming& incoming = incoming_[Stream::of(header, peer()->number).index()];
  incoming = Incoming{Incoming::Mood::passing, ref, header.id, header.bytes, offer.previous_root, 0, header.body_size(), false};
  return begin_incoming(incoming, offer.offset);
}

/// Asks the shelf, and answers when what is `coming` next is not what it wants.
Result<void> Session::begin_incoming(Incoming& incoming, std::uint64_t coming) {
  const std::uint64_t ref = incoming.ref;
  incoming.mood = Incoming::Mood::passing;
  SATCHEL_TRY_ASSIGN(const Begin begin, setup_.shelf->begin(incoming.header, incoming.previous_root));
  switch (begin.outcome) {
    case Begin::Outcome::have:
      if (begin.header_kept) {  // what came now was all that is wanted: confirmed as any bundle is
        finished_.emplace_back(ref, incoming.id);
        return {};
      }
      answer({MessageKind::skip, ref, 0, Code::kInternal});
      return {};
    case Begin::Outcome::need_previous: answer({MessageKind::previous, ref, 0, Code::kInternal}); return {};
    case Begin::Outcome::refused:
      // Our own word, shown to us: that two bundles have one number is noted, and what follows of it is our affair.
      if (setup_.shelf->own(incoming.id.log) && begin.refusal && begin.refusal->code == Code::kEquivocation) {
        answer({MessageKind::skip, ref, 0, Code::kInternal});
        return {};
      }
      refuse_offer(incoming, begin.refusal ? begin.refusal->code : Code::kInternal);
      if (begin.refusal && begin.refusal->code == Code::kEquivocation) {
        SATCHEL_TRY_ASSIGN(const Header refused, parse_header(incoming.header));
        return show_other(refused);
      }
      return {};
    case Begin::Outcome::take: break;
  }
  incoming.mood = Incoming::Mood::taking;
  incoming.offset = begin.offset;
  if (begin.offset > coming) answer({MessageKind::accept, ref, begin.offset, Code::kInternal});
  if (begin.offset < coming) ask_back(incoming);
  return {};
}

void Session::ask_back(Incoming& incoming) {
  incoming.resyncing = true;
  answer({MessageKind::back, incoming.ref, incoming.offset, Code::kInternal});
}

/// A line that brings much in little time is synced by the clock: a disk would else be told of it more often than it can be.
Shelf::Pace Session::pace() {
  if (paced_at_ && now_ - *paced_at_ < kSyncEveryMs) return Shelf::Pace::fast;
  paced_at_ = now_;
  return Shelf::Pace::line;
}

Result<void> Session::on_data(const DataPiece& piece) {
  Incoming& incoming = incoming_[piece.stream.index()];
  if (incoming.mood == Incoming::Mood::none) return Error{Code::kMalformed, "data without a bundle"};
  if (piece.offset > incoming.size || piece.bytes.size() > incoming.size - piece.offset) {
    return Error{Code::kMalformed, "data beyond the end of the body"};
  }
  if (incoming.mood == Incoming::Mood::passing) return {};
  if (piece.offset > incoming.offset) {
    if (incoming.resyncing) return {};
    return Error{Code::kMalformed, "data that leaves a gap"};
  }
  incoming.resyncing = false;
  const std::uint64_t end = piece.offset + piece.bytes.size();
  if (end <= incoming.offset) return {};
  const std::uint64_t before = incoming.offset;
  const auto progress = setup_.shelf->take(incoming.id, piece.offset, piece.bytes, pace());
  // The same bundle may come over two links. On the other one it was given up, or it arrived and a receipt freed it.
  if (!progress && progress.error().code == Code::kMalformed) return begin_incoming(incoming, end);
  if (!progress && progress.error().code == Code::kEquivocation) {
    refuse_offer(incoming, Code::kEquivocation);
    return {};
  }
  if (!progress) return progress.error();
  incoming.offset = progress->offset;
  if (progress->damaged) return on_damage(incoming);
  if (progress->offset > before) body_received_ += progress->offset - before;
  if (progress->whole) {
    setup_.shelf->note_brought(peer()->number, incoming.id.log.author.node);
    finished_.emplace_back(incoming.ref, incoming.id);
    incoming.mood = Incoming::Mood::passing;  // when the last bytes came over another link, more of it is on its way here
    return {};
  }
  if (progress->offset < end) ask_back(incoming);  // it was damaged on the other link
  return {};
}

Result<void> Session::on_damage(Incoming& incoming) {
  if (++damaged_[incoming.id] > kDamagedMost) {
    SATCHEL_TRY(setup_.shelf->abandon(incoming.id));
    refuse_offer(incoming, Code::kHashBad);
    return {};
  }
  ask_back(incoming);
  return {};
}

/// One flush for all that became whole since the last one; only then does the peer hear of it. While more is arriving, not sooner
/// than kSyncEveryMs after the last one (deadline() says when): on a fast line a sync for each bundle would cost more than the
/// bundle.
Result<void> Session::confirm_received() {
  if (finished_.empty()) return {};
  if (const auto due = confirm_due(); due && now_ < *due) return {};
  SATCHEL_TRY(setup_.shelf->flush());
  confirmed_at_ = paced_at_ = now_;
  const bool hub = setup_.shelf->role() == core::Role::hub;
  const core::Frontier reached = hub ? setup_.shelf->frontier() : core::Frontier{};
  Stored stored;
  for (const auto& [ref, id] : std::exchange(finished_, {})) {
    stored.refs.push_back(ref);
    stats_.bundles_received[core::lane_index(id.log.lane)] += 1;
    raise_over_gaps(told_, told_beyond_, id);
    // The sender waits for the receipt on it: that we have nothing for it is no longer true.
    if (hub && id.log.audience == core::kToHub) done_said_ = false;
    if (hub && id.log.audience == core::kToHub && reached.covers(id)) {
      await_receipt_.insert(id);
      await_receipt_since_ = now_;
    }
    if (stored.refs.size() >= kStoredRefsMax) say(std::exchange(stored, {}));
  }
  if (!stored.refs.empty()) say(stored);
  return {};
}

std::optional<core::MonoMs> Session::confirm_due() const {
  if (finished_.empty() || !confirmed_at_ || incoming_bytes_left() == 0) return std::nullopt;
  return *confirmed_at_ + kSyncEveryMs;
}

/// Nobody is there any more to be told; the bundles count all the same, and the next flush of the shelf syncs them.
void Session::count_finished() {
  for (const auto& [ref, id] : std::exchange(finished_, {})) stats_.bundles_received[core::lane_index(id.log.lane)] += 1;
}

}  // namespace satchel::protocol
