#pragma once

#include "tests/sim/machine.h"
#include "tests/sim/talker.h"

namespace satchel::tests {

/// A shelf of one meeting, on a store that nobody keeps.
struct PassingShelf {
  explicit PassingShelf(const Machine& machine)
      : shelf(protocol::Shelf::open(store, *machine.membership, machine.member.number, machine.member.role, {}).value()) {}

  core::MemoryStore store;
  std::unique_ptr<protocol::Shelf> shelf;
};

/// A planted bug: a meeting in which the program says that it has nothing, and keeps nothing of what comes.
class AmnesiacTalker final : private PassingShelf, public HonestTalker {
 public:
  AmnesiacTalker(Machine& machine, const std::optional<core::Member>& peer, bool calls)
      : PassingShelf(machine),
        HonestTalker(calls ? protocol::Session::caller(setup(machine, *shelf), peer, machine.clock.mono())
                           : protocol::Session::answerer(setup(machine, *shelf), machine.clock.mono())) {}
  std::optional<core::Error> ended() override { return std::nullopt; }
  protocol::Session* session() override { return nullptr; }

 private:
  static protocol::SessionSetup setup(Machine& machine, protocol::Shelf& shelf) {
    protocol::SessionSetup out;
    out.shelf = &shelf;
    out.link = {machine.membership.get(), &machine.identity.box, &machine.member, &machine.secrets.group_key, &machine.rng};
    out.learn = [](const core::Member&) -> core::Result<void> { return {}; };
    return out;
  }
};

}  // namespace satchel::tests
