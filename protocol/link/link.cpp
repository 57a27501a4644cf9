#include "protocol/link/link.h"

#include <algorithm>

#include "core/crypto/hash.h"

namespace satchel::protocol {

namespace {

using core::Bytes;
using core::ByteView;
using core::ByteWriter;
using core::Code;
using core::Error;
using core::Result;

constexpr std::size_t kNonceSize = 16;
constexpr std::size_t kProofSize = 16;
/// A certificate: names, two keys, a signature; far below this.
constexpr std::size_t kCertificateMax = 1024;
constexpr std::size_t kGreetingFrameMax = 1 + kGreetingMax + kFirstMessageOverhead;
constexpr std::size_t kAlertMax = 40;  ///< of a code's id

void put_kind(ByteWriter& out, LinkFrame kind) { out.u8(static_cast<std::uint8_t>(kind)); }

core::SecretBytes secret_of(core::Hash hash) {
  core::SecretBytes out{hash.view()};
  core::wipe(hash.value);
  return out;
}

/// What `who` says, and what its proof covers: version ‖ campaign ‖ nonce.
Bytes question(core::CampaignId campaign, ByteView nonce) {
  ByteWriter out;
  out.u8(kLinkVersion).u64(campaign.value).raw(nonce);
  return std::move(out).take();
}

core::Hash question_proof(const core::SecretBytes& group, ByteView asked) {
  return core::keyed_hash(group.view(), "satchel who", asked);
}

Code refusal_code(ByteView id) {
  for (const core::CodeInfo& each : core::all_codes()) {
    if (!core::same_bytes(core::as_bytes(each.id), id)) continue;
    // What concerns both sides alike keeps its name; what only the other side decides is its refusal.
    if (each.code == Code::kHandshake || each.code == Code::kOtherCampaign || each.code == Code::kVersionUnknown)
      return each.code;
  }
  return Code::kRefusedByPeer;
}

}  // namespace

Link Link::caller(const Setup& setup, std::optional<core::Member> peer) {
  Link link{setup, Stage::greeting};
  link.calls_ = true;
  if (peer) {
    link.peer_ = std::move(peer);
    link.start_handshake();
  } else {
    link.ask();
  }
  return link;
}

Link Link::answerer(const Setup& setup) { return Link{setup, Stage::listening}; }

void Link::feed(ByteView in) {
  bytes_in_ += in.size();
  core::append(in_, in);
}

void Link::put_frame(ByteView bytes) {
  SATCHEL_CHECK(!bytes.empty() && bytes.size() <= 0xFFFF);
  ByteWriter head;
  head.u16(static_cast<std::uint16_t>(bytes.size()));
  core::append(out_, head.bytes());
  core::append(out_, bytes);
  bytes_out_ += kFrameHeader + bytes.size();
}

ByteView Link::pending() const noexcept { return ByteView{out_}.subspan(out_at_); }

void Link::sent(std::size_t n) {
  SATCHEL_CHECK(n <= out_.size() - out_at_);
  out_at_ += n;
  if (out_at_ == out_.size()) {
    out_.clear();
    out_at_ = 0;
  } else if (out_at_ >= kAheadMax) {
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(out_at_));
    out_at_ = 0;
  }
}

// --- keys

/// Holds a value that only members can compute: the first message of a stranger does not even open.
Bytes Link::prologue() const {
  const core::CampaignId campaign = setup_.self->campaign;
  ByteWriter out;
  out.raw(core::as_bytes("satchel link")).u8(kLinkVersion).u64(campaign.value);
  out.raw(core::keyed_hash(setup_.group->view(), "satchel link prologue", {}).view());
  return std::move(out).take();
}

core::SecretBytes Link::psk() const { return secret_of(core::keyed_hash(setup_.group->view(), "satchel link psk", {})); }

core::SecretBytes Link::who_key(ByteView asker, ByteView answerer) const {
  ByteWriter both;
  both.raw(asker).raw(answerer);
  return secret_of(core::keyed_hash(setup_.group->view(), "satchel i am", both.bytes()));
}

void Link::start_handshake() {
  const Bytes words = prologue();
  const core::SecretBytes shared = psk();
  Handshake::Setup setup;
  setup.side = calls_ ? Handshake::Side::initiator : Handshake::Side::responder;
  setup.prologue = words;
  setup.own = setup_.keys;
  if (calls_) setup.remote_static = peer_->box;
  setup.psk = shared.view();
  handshake_.emplace(setup, *setup_.rng);
  stage_ = calls_ ? Stage::greeting : Stage::listening;
}

// --- first contact

void Link::ask() {
  stage_ = Stage::asking;
  nonce_.resize(kNonceSize);
  setup_.rng->fill(nonce_);
  const Bytes asked = question(setup_.self->campaign, nonce_);
  ByteWriter out;
  put_kind(out, LinkFrame::who);
  out.raw(asked).raw(question_proof(*setup_.group, asked).view().first(kProofSize));
  put_frame(out.bytes());
}

Result<void> Link::on_who(ByteView body) {
  if (answered_who_) return Error{Code::kMalformed, "asked twice who we are"};
  core::ByteReader in{body};
  const std::uint8_t version = in.u8();
  const core::CampaignId campaign{in.u64()};
  const ByteView nonce = in.raw(kNonceSize);
  const ByteView proof = in.raw(kProofSize);
  if (!in.done()) return Error{Code::kMalformed, "question of first contact"};
  if (version != kLinkVersion) return Error{Code::kVersionUnknown, "link version " + std::to_string(version)};
  if (campaign != setup_.self->campaign) return Error{Code::kOtherCampaign, {}};
  const Bytes asked = question(campaign, nonce);
  if (!core::constant_time_equal(question_proof(*setup_.group, asked).view().first(kProofSize), proof)) {
    return Error{Code::kHandshake, "the question was not asked by a member"};
  }
  Bytes own_nonce(kNonceSize);
  setup_.rng->fill(own_nonce);
  const core::SecretBytes key = who_key(nonce, own_nonce);
  ByteWriter out;
  put_kind(out, LinkFrame::i_am);
  out.raw(own_nonce).raw(core::chacha_seal(key.view(), 0, {}, core::encode(*setup_.self)));
  put_frame(out.bytes());
  answered_who_ = true;
  return {};
}

Result<void> Link::on_i_am(ByteView body) {
  if (body.size() > kNonceSize + kCertificateMax + core::kTagSize) return Error{Code::kLimitExceeded, "certificate"};
  core::ByteReader in{body};
  const ByteView nonce = in.raw(kNonceSize);
  const ByteView sealed = in.rest();
  if (!in.ok()) return Error{Code::kMalformed, "answer of first contact"};
  const core::SecretBytes key = who_key(nonce_, nonce);
  const auto certificate = core::chacha_open(key.view(), 0, {}, sealed);
  if (!certificate) return Error{Code::kHandshake, "the answer of first contact does not open"};
  SATCHEL_TRY_ASSIGN(core::Member member, core::decode_member(*certificate, setup_.membership->founding()));
  SATCHEL_TRY(check_admitted(member));
  peer_ = std::move(member);
  describe_ = true;  // who asks was never here, so the other side may not know it either
  start_handshake();
  return {};
}

// --- handshake

Result<void> Link::check_admitted(const core::Member& member) const {
  if (member.number == setup_.self->number) return Error{Code::kAddressBad, "this is our own address"};
  if (setup_.membership->revoked(member.number)) {
    return Error{Code::kRevoked, "node " + std::to_string(member.number.value)};
  }
  return {};
}

std::optional<core::Member> Link::known(const core::BoxPublic& box) const {
  if (auto member = setup_.membership->find(box)) return member;
  const core::Founding& founding = setup_.membership->founding();
  if (box != founding.hub_box) return std::nullopt;
  core::Member hub;  // the founding is the hub's certificate
  hub.campaign = setup_.self->campaign;
  hub.number = core::kHubNumber;
  hub.role = core::Role::hub;
  hub.name = founding.name;
  hub.sign = founding.hub_sign;
  hub.box = founding.hub_box;
  return hub;
}

Result<void> Link::greet(ByteView hello) {
  SATCHEL_CHECK(stage_ == Stage::greeting && peer_.has_value());
  if (const auto admitted = check_admitted(*peer_); !admitted) return broken(admitted.error());
  auto message = handshake_->write(hello);
  if (!message) return broken(message.error());
  ByteWriter out;
  put_kind(out, calls_ ? LinkFrame::first : LinkFrame::second);
  out.raw(*message);
  put_frame(out.bytes());
  if (calls_) {
    stage_ = Stage::calling;
  } else {
    channel_ = handshake_->take();
    stage_ = Stage::open;
  }
  return {};
}

Result<std::optional<Bytes>> Link::on_first(ByteView body) {
  start_handshake();
  SATCHEL_TRY_ASSIGN(Bytes payload, handshake_->read(body));
  peer_ = known(*handshake_->remote_static());
  if (peer_) SATCHEL_TRY(check_admitted(*peer_));
  stage_ = Stage::greeting;
  return std::optional{std::move(payload)};
}

Result<std::optional<Bytes>> Link::on_second(ByteView body) {
  SATCHEL_TRY_ASSIGN(Bytes payload, handshake_->read(body));
  channel_ = handshake_->take();
  stage_ = Stage::open;
  return std::optional{std::move(payload)};
}

Result<void> Link::admit(ByteView certificate) {
  SATCHEL_CHECK(!calls_ && stage_ == Stage::greeting && !peer_);
  auto member = core::decode_member(certificate, setup_.membership->founding());
  if (!member) return broken(Error{Code::kPeerNotEnrolled, std::string{core::info(member.error().code).id}});
  if (member->box != *handshake_->remote_static()) return broken(Error{Code::kPeerNotEnrolled, "certificate of another key"});
  if (const auto admitted = check_admitted(*member); !admitted) return broken(admitted.error());
  peer_ = *std::move(member);
  return {};
}

Result<void> Link::ask_description() {
  SATCHEL_CHECK(!calls_ && stage_ == Stage::greeting && !peer_);
  if (asked_to_describe_) return broken(Error{Code::kPeerNotEnrolled, {}});
  asked_to_describe_ = true;
  ByteWriter out;
  put_kind(out, LinkFrame::describe);
  put_frame(out.bytes());
  stage_ = Stage::listening;
  return {};
}

Result<void> Link::on_describe() {
  if (asked_to_describe_) return Error{Code::kMalformed, "asked twice for our certificate"};
  asked_to_describe_ = true;
  describe_ = true;
  start_handshake();
  return {};
}

Result<void> Link::on_alert(ByteView body) {
  if (body.size() > kAlertMax) return Error{Code::kMalformed, "alert"};
  const Code code = refusal_code(body);
  // The id is shown only when it is one of ours: nothing that a stranger wrote goes into a log.
  std::string said;
  for (const core::CodeInfo& each : core::all_codes()) {
    if (core::same_bytes(core::as_bytes(each.id), body)) said = "the other side says " + std::string{each.id};
  }
  stage_ = Stage::broken;
  return Error{code, said};
}

void Link::refuse(Code code) {
  if (stage_ == Stage::broken) return;
  if (stage_ != Stage::open) {
    ByteWriter out;
    put_kind(out, LinkFrame::alert);
    out.raw(core::as_bytes(core::info(code).id));
    put_frame(out.bytes());
  }
  stage_ = Stage::broken;
}

Error Link::broken(Error error) {
  refuse(error.code);
  return error;
}

// --- frames

Result<std::optional<Bytes>> Link::next() {
  while (stage_ != Stage::greeting && stage_ != Stage::broken) {
    core::ByteReader in{ByteView{in_}.subspan(in_at_)};
    const std::size_t size = in.u16();
    if (!in.ok()) break;
    const std::size_t most = stage_ == Stage::open ? kFramePlainMax + core::kTagSize : kGreetingFrameMax;
    if (size == 0) return broken(Error{Code::kMalformed, "empty frame"});
    if (size > most) return broken(Error{Code::kLimitExceeded, "frame of " + std::to_string(size) + " bytes"});
    const ByteView frame = in.raw(size);
    if (!in.ok()) break;
    in_at_ += kFrameHeader + size;
    auto payload = stage_ == Stage::open ? handle_open(frame) : handle(frame);
    if (!payload) return broken(payload.error());
    if (payload->has_value()) return payload;
  }
  in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(in_at_));
  in_at_ = 0;
  return std::optional<Bytes>{};
}

Result<std::optional<Bytes>> Link::handle(ByteView frame) {
  const auto kind = static_cast<LinkFrame>(frame.front());
  const ByteView body = frame.subspan(1);
  const std::optional<Bytes> nothing;
  if (kind == LinkFrame::alert) {
    SATCHEL_TRY(on_alert(body));
    return nothing;
  }
  switch (stage_) {
    case Stage::asking:
      if (kind != LinkFrame::i_am) break;
      SATCHEL_TRY(on_i_am(body));
      return nothing;
    case Stage::calling:
      if (kind == LinkFrame::second) return on_second(body);
      if (kind != LinkFrame::describe || !body.empty()) break;
      SATCHEL_TRY(on_describe());
      return nothing;
    case Stage::listening:
      if (kind == LinkFrame::first) return on_first(body);
      if (kind != LinkFrame::who) break;
      SATCHEL_TRY(on_who(body));
      return nothing;
    case Stage::greeting:
    case Stage::open:
    case Stage::broken: break;
  }
  return Error{Code::kMalformed, "frame out of place"};
}

Result<std::optional<Bytes>> Link::handle_open(ByteView frame) {
  SATCHEL_TRY_ASSIGN(Bytes plain, channel_.receive.open({}, frame));
  if (channel_.receive.counter() % kRekeyFrames == 0) channel_.receive.rekey();
  return std::optional{std::move(plain)};
}

Result<void> Link::send(ByteView plain) {
  SATCHEL_CHECK(stage_ == Stage::open && plain.size() <= kFramePlainMax);
  SATCHEL_TRY_ASSIGN(const Bytes sealed, channel_.send.seal({}, plain));
  if (channel_.send.counter() % kRekeyFrames == 0) channel_.send.rekey();
  put_frame(sealed);
  return {};
}

}  // namespace satchel::protocol
