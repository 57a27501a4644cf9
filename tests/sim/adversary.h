#pragma once

#include <array>
#include <optional>
#include <vector>

#include "protocol/link/link.h"
#include "protocol/session/messages.h"
#include "tests/sim/machine.h"
#include "tests/sim/talker.h"

namespace satchel::tests {

/// What a liar has come by, in all its meetings.
struct Loot {
  struct Bundle {
    core::Bytes header;
    core::Bytes body;
    std::optional<core::Hash> previous_root;
  };
  std::vector<Bundle> bundles;
  std::vector<core::Bytes> receipts;
};

/// An enrolled relay that speaks the protocol as it likes: it confirms what it throws away, offers bundles with other bytes,
/// under other headers, half, or twice; brings old and forged receipts and certificates; writes two bundles under one number;
/// boasts of having everything; answers what nobody asked; drips, floods, falls silent.
class Adversary final : public Talker {
 public:
  Adversary(Machine& machine, Loot& loot, const std::optional<core::Member>& peer, bool calls, std::uint64_t seed);
  core::ByteView pending() const override;
  void sent(std::size_t n, core::MonoMs now) override;
  void receive(core::ByteView in, core::MonoMs now) override;
  core::MonoMs deadline() const override { return next_; }
  void wake(core::MonoMs now) override;
  bool idle() const override { return false; }
  std::optional<core::Error> failure() const override { return failure_; }
  std::optional<core::Error> ended() override { return std::nullopt; }

 private:
  struct Coming {
    std::optional<protocol::Header> header;
    Loot::Bundle bundle;
    std::uint64_t ref = 0;
  };
  void greet();
  void take(core::ByteView payload);
  void hear(const protocol::Message& message);
  void act();
  void say(const protocol::Message& message);
  void offer_changed();
  void offer_own();
  void bring_receipt();
  void answer_unasked();
  void boast();
  void flood();
  core::Bytes noise(std::size_t size);

  Machine& machine_;
  Loot& loot_;
  SeededRng rng_;
  protocol::Link link_;
  bool greeted_ = false;
  bool boasts_, drips_, silent_;
  std::uint64_t acts_left_;
  std::array<Coming, protocol::kStreams> coming_;
  std::uint64_t refs_in_ = 0;
  core::Bytes receipt_in_;
  core::MonoMs next_;
  std::optional<core::Error> failure_;
};

}  // namespace satchel::tests
