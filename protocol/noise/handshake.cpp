#include "protocol/noise/handshake.h"

#include <algorithm>

namespace satchel::protocol {

namespace {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;

constexpr std::string_view kNamePlain = "Noise_IK_25519_ChaChaPoly_BLAKE2b";
constexpr std::string_view kNamePsk = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2b";
constexpr std::size_t kHashLength = 64;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kPublicSize = 32;

Error does_not_fit() { return Error{Code::kHandshake, "the handshake message does not open"}; }

/// Section 4.3, HKDF: the first two or three outputs of 64 bytes each; `third` stays empty unless asked for.
struct Derived {
  core::SecretBytes first;
  core::SecretBytes second;
  core::SecretBytes third;
};

core::SecretBytes keep(core::Hash64& output) {
  core::SecretBytes secret{ByteView{output}};
  core::wipe(output);
  return secret;
}

Derived derive(ByteView chain, ByteView input, int outputs = 2) {
  core::Hash64 extracted = core::hmac_blake2b_512(chain, input);
  const core::SecretBytes temporary = keep(extracted);
  const std::uint8_t one = 1;
  const std::uint8_t two = 2;
  const std::uint8_t three = 3;
  core::Hash64 output = core::hmac_blake2b_512(temporary.view(), ByteView{&one, 1});
  core::SecretBytes first = keep(output);
  output = core::hmac_blake2b_512(temporary.view(), first.view(), ByteView{&two, 1});
  core::SecretBytes second = keep(output);
  core::SecretBytes third;
  if (outputs == 3) {
    output = core::hmac_blake2b_512(temporary.view(), second.view(), ByteView{&three, 1});
    third = keep(output);
  }
  return {std::move(first), std::move(second), std::move(third)};
}

CipherState keyed(const core::SecretBytes& output) { return CipherState{core::SecretBytes{output.view().first(kKeySize)}}; }

}  // namespace

Handshake::Handshake(const Setup& setup, core::Rng& rng)
    : side_(setup.side), own_(setup.own), psk_(setup.psk), rng_(&rng), remote_static_(setup.remote_static) {
  SATCHEL_CHECK(own_ != nullptr);
  SATCHEL_CHECK(psk_.empty() || psk_.size() == kKeySize);
  SATCHEL_CHECK((side_ == Side::initiator) == remote_static_.has_value());
  const std::string_view name = psk_.empty() ? kNamePlain : kNamePsk;
  static_assert(kNamePlain.size() <= kHashLength && kNamePsk.size() <= kHashLength, "the name is padded, not hashed");
  std::copy(name.begin(), name.end(), hash_.begin());
  chain_ = core::SecretBytes{ByteView{hash_}};
  mix_hash(setup.prologue);
  mix_hash(side_ == Side::initiator ? remote_static_->view() : own_->public_key.view());
}

void Handshake::mix_hash(ByteView bytes) { hash_ = core::blake2b_512(hash_, bytes); }

void Handshake::mix_key(ByteView input) {
  Derived derived = derive(chain_.view(), input);
  chain_ = std::move(derived.first);
  cipher_ = keyed(derived.second);
}

void Handshake::mix_key_and_hash(ByteView input) {
  Derived derived = derive(chain_.view(), input, 3);
  chain_ = std::move(derived.first);
  mix_hash(derived.second.view());
  cipher_ = keyed(derived.third);
}

void Handshake::mix_ephemeral(const core::BoxPublic& key) {
  mix_hash(key.view());
  // Section 9.2: with a shared key every "e" also goes into the chain, so that nonces differ although that key does not.
  if (!psk_.empty()) mix_key(key.view());
}

Result<void> Handshake::mix_agreement(const core::BoxKeys& ours, const core::BoxPublic& theirs) {
  SATCHEL_TRY_ASSIGN(const core::SecretBytes shared, core::agree(ours, theirs));
  mix_key(shared.view());
  return {};
}

Result<Bytes> Handshake::seal_and_hash(ByteView plain) {
  SATCHEL_TRY_ASSIGN(Bytes sealed, cipher_.seal(hash_, plain));
  mix_hash(sealed);
  return sealed;
}

Result<Bytes> Handshake::open_and_hash(ByteView sealed) {
  SATCHEL_TRY_ASSIGN(Bytes plain, cipher_.open(hash_, sealed));
  mix_hash(sealed);
  return plain;
}

Result<Bytes> Handshake::write(ByteView payload) {
  const bool first = side_ == Side::initiator;
  SATCHEL_CHECK(step_ == (first ? 0 : 1));
  const std::size_t overhead = first ? kFirstMessageOverhead : kSecondMessageOverhead;
  if (payload.size() > kNoiseMessageMax - overhead) return Error{Code::kLimitExceeded, "handshake payload"};
  ephemeral_ = core::make_box_keys(*rng_);
  Bytes out = core::to_bytes(ephemeral_->public_key.view());
  mix_ephemeral(ephemeral_->public_key);
  if (first) {
    SATCHEL_TRY(mix_agreement(*ephemeral_, *remote_static_));  // es
    SATCHEL_TRY_ASSIGN(const Bytes sealed_static, seal_and_hash(own_->public_key.view()));
    core::append(out, sealed_static);
    SATCHEL_TRY(mix_agreement(*own_, *remote_static_));  // ss
  } else {
    SATCHEL_TRY(mix_agreement(*ephemeral_, *remote_ephemeral_));  // ee
    SATCHEL_TRY(mix_agreement(*ephemeral_, *remote_static_));     // se
    if (!psk_.empty()) mix_key_and_hash(psk_.view());
  }
  SATCHEL_TRY_ASSIGN(const Bytes sealed, seal_and_hash(payload));
  core::append(out, sealed);
  ++step_;
  return out;
}

Result<Bytes> Handshake::read(ByteView message) {
  const bool first = side_ == Side::responder;
  SATCHEL_CHECK(step_ == (first ? 0 : 1));
  const std::size_t overhead = first ? kFirstMessageOverhead : kSecondMessageOverhead;
  if (message.size() < overhead || message.size() > kNoiseMessageMax) return does_not_fit();
  const auto mixed = first ? read_first(message) : read_second(message);
  if (!mixed) return does_not_fit();
  auto payload = open_and_hash(message.subspan(overhead - core::kTagSize));
  if (!payload) return does_not_fit();
  ++step_;
  return payload;
}

Result<void> Handshake::read_first(ByteView message) {
  remote_ephemeral_ = core::BoxPublic::from(message.first(kPublicSize));
  mix_ephemeral(*remote_ephemeral_);
  SATCHEL_TRY(mix_agreement(*own_, *remote_ephemeral_));  // es
  SATCHEL_TRY_ASSIGN(const Bytes key, open_and_hash(message.subspan(kPublicSize, kPublicSize + core::kTagSize)));
  remote_static_ = core::BoxPublic::from(key);
  return mix_agreement(*own_, *remote_static_);  // ss
}

Result<void> Handshake::read_second(ByteView message) {
  remote_ephemeral_ = core::BoxPublic::from(message.first(kPublicSize));
  mix_ephemeral(*remote_ephemeral_);
  SATCHEL_TRY(mix_agreement(*ephemeral_, *remote_ephemeral_));  // ee
  SATCHEL_TRY(mix_agreement(*own_, *remote_ephemeral_));        // se
  if (!psk_.empty()) mix_key_and_hash(psk_.view());
  return {};
}

Handshake::Channel Handshake::take() {
  SATCHEL_CHECK(finished());
  Derived keys = derive(chain_.view(), {});
  chain_ = core::SecretBytes{};
  ephemeral_.reset();
  CipherState from_initiator = keyed(keys.first);
  CipherState from_responder = keyed(keys.second);
  if (side_ == Side::initiator) return {std::move(from_initiator), std::move(from_responder)};
  return {std::move(from_responder), std::move(from_initiator)};
}

}  // namespace satchel::protocol
