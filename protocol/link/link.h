#pragma once

#include <optional>

#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/crypto/membership.h"
#include "protocol/link/limits.h"
#include "protocol/noise/handshake.h"

namespace satchel::protocol {

/// First byte of the frames before the channel is open. The values stand on the wire.
enum class LinkFrame : std::uint8_t {
  who = 1,       ///< which node are you? Only who has the campaign's group key can ask and read the answer
  i_am = 2,      ///< my certificate
  first = 3,     ///< first message of the handshake
  second = 4,    ///< second message of the handshake
  alert = 5,     ///< no, and why: the id of a code
  describe = 6,  ///< your key is new to me: begin again with your certificate
};

/// The encrypted channel between two nodes of one campaign, over any ordered stream of bytes: frames, first contact, handshake,
/// admission. Sans-IO. What travels inside is the session's business.
///
///   caller, peer known ──────────────────────────┐
///                                                ▼                first ►            ◄ second
///   caller, peer unknown ──► asking ──────► greeting ──► calling ──────────────────────────────► open
///                             who ►  ◄ i_am      ▲          │ ◄ describe (once)                    │
///                                                └──────────┘                                      │
///   answerer ──► listening ──► (first read, node admitted) ──► greeting ──► second ► ──────────► open
///                  ▲  │ who ► answered with i_am                                                   │
///                  └──┘                                 any stage ── alert, broken frame ──► broken ◄──
class Link {
 public:
  enum class Stage { asking, calling, listening, greeting, open, broken };

  /// What both kinds of link need. Everything that is pointed to is borrowed for the link's life.
  struct Setup {
    const core::Membership* membership = nullptr;
    const core::BoxKeys* keys = nullptr;       ///< of this node: the static keys of the handshake
    const core::Member* self = nullptr;        ///< this node's certificate
    const core::SecretBytes* group = nullptr;  ///< the campaign's group key
    core::Rng* rng = nullptr;
  };
  /// `peer`: whom we expect; empty when only an address is known.
  static Link caller(const Setup& setup, std::optional<core::Member> peer);
  static Link answerer(const Setup& setup);

  Stage stage() const noexcept { return stage_; }
  /// Takes bytes of the stream in; follow it with next() until that gives nothing, and less than one frame stays here.
  void feed(core::ByteView in);
  /// Works through the next frame. A value: the next payload for the session (the peer's hello first, then what it sends); none:
  /// more bytes are needed, or greet() first. kHandshake, kRefusedByPeer, kPeerNotEnrolled, kRevoked, kOtherCampaign,
  /// kVersionUnknown, kSealBroken, kMalformed, kLimitExceeded: the link is broken, and pending() tells the peer why.
  core::Result<std::optional<core::Bytes>> next();
  /// At stage greeting: sends our side's message of the handshake with this hello inside (at most kGreetingMax bytes). An
  /// answerer's link is open then.
  core::Result<void> greet(core::ByteView hello);
  /// True when the hello that greet() wants must carry our certificate, since the peer asked for it or was unknown to us.
  bool must_describe() const noexcept { return describe_; }
  /// At stage open: one frame. `plain` is at most kFramePlainMax bytes.
  core::Result<void> send(core::ByteView plain);
  /// Says why we leave, where the stage allows it, and breaks the link.
  void refuse(core::Code code);

  /// The other side, once known: from the start, from i_am, or from the first message.
  const std::optional<core::Member>& peer() const noexcept { return peer_; }
  /// An answerer at stage greeting whose peer() is still empty has read the hello of a node with an unknown key. With the
  /// certificate out of that hello: verifies it and fills peer(), or refuses as next() does.
  core::Result<void> admit(core::ByteView certificate);
  /// Without one: asks for it, once. The next payload is that node's new hello.
  core::Result<void> ask_description();

  core::ByteView pending() const noexcept;
  void sent(std::size_t n);
  /// Bytes that pending() has grown to since the beginning, and bytes that came in.
  std::uint64_t bytes_out() const noexcept { return bytes_out_; }
  std::uint64_t bytes_in() const noexcept { return bytes_in_; }

 private:
  Link(const Setup& setup, Stage stage) : setup_(setup), stage_(stage) {}
  void put_frame(core::ByteView bytes);
  void start_handshake();
  core::Bytes prologue() const;
  core::SecretBytes psk() const;
  core::SecretBytes who_key(core::ByteView asker, core::ByteView answerer) const;
  void ask();
  core::Result<std::optional<core::Bytes>> handle(core::ByteView frame);
  core::Result<std::optional<core::Bytes>> handle_open(core::ByteView frame);
  core::Result<void> on_who(core::ByteView body);
  core::Result<void> on_i_am(core::ByteView body);
  core::Result<std::optional<core::Bytes>> on_first(core::ByteView body);
  core::Result<std::optional<core::Bytes>> on_second(core::ByteView body);
  core::Result<void> on_alert(core::ByteView body);
  core::Result<void> on_describe();
  core::Result<void> check_admitted(const core::Member& member) const;
  std::optional<core::Member> known(const core::BoxPublic& box) const;
  core::Error broken(core::Error error);

  Setup setup_;
  Stage stage_;
  bool calls_ = false;
  bool describe_ = false;
  bool asked_to_describe_ = false;
  bool answered_who_ = false;
  core::Bytes nonce_;  ///< of our question
  std::optional<core::Member> peer_;
  std::optional<Handshake> handshake_;
  Handshake::Channel channel_;
  core::Bytes in_;
  std::size_t in_at_ = 0;
  core::Bytes out_;
  std::size_t out_at_ = 0;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

}  // namespace satchel::protocol
