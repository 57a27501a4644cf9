#pragma once

#include <optional>

#include "core/base/rng.h"
#include "core/crypto/box.h"
#include "core/crypto/hash.h"
#include "protocol/noise/cipher_state.h"

namespace satchel::protocol {

/// Section 5: no Noise message is longer.
inline constexpr std::size_t kNoiseMessageMax = 65535;
/// What a message is longer than its payload: e(32) ‖ sealed s(48) ‖ tag(16), and e(32) ‖ tag(16).
inline constexpr std::size_t kFirstMessageOverhead = 32 + 48 + 16;
inline constexpr std::size_t kSecondMessageOverhead = 32 + 16;

/// Noise_IK_25519_ChaChaPoly_BLAKE2b, or Noise_IKpsk2_… when there is a key shared beforehand (Noise revision 34, sections 7.5
/// and 9): the initiator knows the responder's static key.
///
///       <- s
///       ...
///       -> e, es, s, ss
///       <- e, ee, se[, psk]
///
/// Each side writes one message and reads one. After the second, take() gives the two directions.
class Handshake {
 public:
  enum class Side { initiator, responder };
  struct Setup {
    Side side = Side::initiator;
    core::ByteView prologue;                       ///< must be equal at both sides; borrowed during the call
    const core::BoxKeys* own = nullptr;            ///< static keys; borrowed for the handshake's life
    std::optional<core::BoxPublic> remote_static;  ///< an initiator must know it
    core::ByteView psk;                            ///< 32 bytes: IKpsk2; empty: IK
  };
  /// The ephemeral key is drawn from `rng` when the own message is written.
  Handshake(const Setup& setup, core::Rng& rng);

  /// The next message is ours, with this payload inside. kLimitExceeded when it would be too long; kSealBroken when a key that
  /// was sent to us is of low order.
  core::Result<core::Bytes> write(core::ByteView payload);
  /// The next message is theirs: gives its payload. kHandshake when anything does not fit; the handshake is dead then.
  core::Result<core::Bytes> read(core::ByteView message);

  bool finished() const noexcept { return step_ == 2; }
  /// The responder knows it once the first message has been read.
  const std::optional<core::BoxPublic>& remote_static() const noexcept { return remote_static_; }
  /// Names this channel: equal at both sides and at no other pair. After the second message.
  const core::Hash64& hash() const noexcept { return hash_; }

  struct Channel {
    CipherState send;
    CipherState receive;
  };
  /// Once, after the second message.
  Channel take();

 private:
  void mix_hash(core::ByteView bytes);
  void mix_key(core::ByteView input);
  void mix_key_and_hash(core::ByteView input);
  void mix_ephemeral(const core::BoxPublic& key);
  core::Result<void> mix_agreement(const core::BoxKeys& ours, const core::BoxPublic& theirs);
  core::Result<core::Bytes> seal_and_hash(core::ByteView plain);
  core::Result<core::Bytes> open_and_hash(core::ByteView sealed);
  core::Result<void> read_first(core::ByteView message);
  core::Result<void> read_second(core::ByteView message);

  Side side_;
  const core::BoxKeys* own_;
  core::SecretBytes psk_;
  core::Rng* rng_;
  core::Hash64 hash_{};
  core::SecretBytes chain_;
  CipherState cipher_;
  std::optional<core::BoxKeys> ephemeral_;
  std::optional<core::BoxPublic> remote_ephemeral_;
  std::optional<core::BoxPublic> remote_static_;
  int step_ = 0;  ///< messages so far
};

}  // namespace satchel::protocol
