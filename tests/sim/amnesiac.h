#pragma once

#include "tests/sim/machine.h"
#include "tests/sim/talker.h"

namespace satchel::tests {

/// A planted bug: a meeting in which the program says that it has nothing, and keeps nothing of what comes.
class AmnesiacTalker final : public Talker {
 public:
  AmnesiacTalker(Machine& machine, const std::optional<core::Member>& peer, bool calls)
      : shelf_(protocol::Shelf::open(store_, *machine.membership, machine.member.number, machine.member.role, {}).value()),
        session_(calls ? protocol::Session::caller(setup(machine), peer, machine.clock.mono())
                       : protocol::Session::answerer(setup(machine), machine.clock.mono())) {}
  core::ByteView pending() const override { return session_.pending(); }
  void sent(std::size_t n, core::MonoMs now) override { session_.sent(n, now); }
  void receive(core::ByteView in, core::MonoMs now) override { static_cast<void>(session_.receive(in, now)); }
  core::MonoMs deadline() const override { return session_.deadline(); }
  void wake(core::MonoMs now) override { static_cast<void>(session_.wake(now)); }
  bool idle() const override { return session_.idle(); }
  std::optional<core::Error> failure() const override { return session_.failure(); }
  std::optional<core::Error> ended() override { return std::nullopt; }

 private:
  protocol::SessionSetup setup(Machine& machine) {
    protocol::SessionSetup out;
    out.shelf = shelf_.get();
    out.link = {machine.membership.get(), &machine.identity.box, &machine.member, &machine.secrets.group_key, &machine.rng};
    out.learn = [](const core::Member&) -> core::Result<void> { return {}; };
    return out;
  }
  core::MemoryStore store_;
  std::unique_ptr<protocol::Shelf> shelf_;
  protocol::Session session_;
};

}  // namespace satchel::tests
