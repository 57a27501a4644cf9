#include "tests/sim/stick_box.h"

namespace satchel::tests {

using core::Code;

StickBox::StickBox(World& world) : world_(world) {
  for (std::size_t i = 0; i < world.plan().sticks; ++i) sticks_.push_back({fresh(), std::nullopt, 0});
}

std::unique_ptr<MemoryDisk> StickBox::fresh() {
  auto out = std::make_unique<MemoryDisk>();
  SATCHEL_CHECK(out->make_folder("usb").has_value());
  return out;
}

void StickBox::begin() {
  if (sticks_.empty()) return;
  every(
      world_, 25 * kSecond, [this] { return trouble_; }, [this] { carry(); });
}

void StickBox::carry() {
  Stick& stick = sticks_[world_.chance(sticks_.size())];
  if (world_.has(Fault::bad_sticks)) harm(stick);
  visit(stick, world_.chance(world_.size()));
}

void StickBox::visit(Stick& stick, std::size_t index) {
  if (!world_.runs(index) || world_.station(index).plan.conduct == Conduct::lies) return;
  const bool reads = world_.chance(5) > 0, writes = world_.chance(5) > 0;
  if (reads || !trouble_) read(stick, index);
  if (world_.runs(index) && (writes || !trouble_)) write(stick, index);
  if (trouble_ && world_.chance(5) == 0) read(stick, index);
}

void StickBox::read(Stick& stick, std::size_t index) {
  Machine& one = world_.machine(index);
  const bool pulled = trouble_ && world_.has(Fault::bad_sticks) && world_.chance(3) == 0;
  if (pulled) stick.disk->fail_from_write(1 + world_.chance(4), Code::kDiskWrite);
  const auto report = one.read_stick(*stick.disk);
  if (pulled) {
    stick.disk->fail_from_write(0);
    stick.disk->crash(&world_.rng());
  }
  world_.note(one.name() + " reads a stick: " +
              (report ? std::to_string(report->bytes_read) : std::string{core::info(report.error().code).id}));
  world_.count("sticks-read");
  world_.oracles.check(index);
  if (report) world_.oracles.promised(index);
  world_.digest_soon(index);
  if (report || report.error().code == Code::kStickEmpty || report.error().code == Code::kFolderMissing) return;
  const bool explained = world_.station(index).disk_trouble > 0 || world_.has(Fault::bad_sticks);
  if (!explained)
    world_.oracles.fault(Oracles::Kind::broken,
                         one.name() + " cannot read a stick: " + std::string{core::info(report.error().code).id});
}

void StickBox::write(Stick& stick, std::size_t index) {
  Machine& one = world_.machine(index);
  const bool pulled = trouble_ && world_.has(Fault::bad_sticks) && world_.chance(2) == 0;
  if (pulled) stick.disk->fail_from_write(1 + world_.chance(40), Code::kDiskWrite);
  const auto report = one.write_stick(*stick.disk);
  if (pulled) {
    stick.disk->fail_from_write(0);
    stick.disk->crash(&world_.rng());
  }
  world_.note(one.name() + " writes a stick: " +
              (report ? std::to_string(report->bytes_written) : std::string{core::info(report.error().code).id}));
  world_.count("sticks-written");
  world_.oracles.check(index);
  if (report || report.error().code == Code::kNothingToDo) return;
  const bool explained = world_.station(index).disk_trouble > 0 || world_.has(Fault::bad_sticks);
  if (!explained)
    world_.oracles.fault(Oracles::Kind::broken,
                         one.name() + " cannot write a stick: " + std::string{core::info(report.error().code).id});
}

/// What happens to sticks in pockets.
void StickBox::harm(Stick& stick) {
  MemoryDisk& disk = *stick.disk;
  switch (world_.chance(8)) {
    case 0: {  // a byte goes wrong
      const auto files = disk.list("usb/satchel");
      if (!files || files->empty()) return;
      const core::DiskEntry& file = (*files)[world_.chance(files->size())];
      if (file.is_folder || file.size_bytes == 0) return;
      core::Bytes& bytes = disk.raw("usb/satchel/" + file.name);
      bytes[world_.chance(bytes.size())] ^= static_cast<std::uint8_t>(1 + world_.chance(255));
      break;
    }
    case 1: stick.copy = disk; break;
    case 2:
      if (stick.copy) disk = *stick.copy;
      break;
    case 3: disk.set_capacity(20'000 + world_.chance(200'000)); break;
    case 4: disk.set_capacity(1ULL << 40U); break;
    case 5: {  // a file is deleted by somebody
      const auto files = disk.list("usb/satchel");
      if (!files || files->empty()) return;
      static_cast<void>(disk.remove("usb/satchel/" + (*files)[world_.chance(files->size())].name));
      break;
    }
    case 6:
      if (world_.chance(4) == 0) stick.disk = fresh();
      break;
    default: break;
  }
}

void StickBox::end_of_trouble() {
  trouble_ = false;
  if (sticks_.empty()) return;
  if (world_.has(Fault::bad_sticks)) sticks_.front().disk = fresh();
  round();
}

void StickBox::round() {
  if (to_visit_.empty()) {
    to_visit_.push_back(0);
    for (std::size_t i = 1; i < world_.size(); ++i) {
      if (world_.station(i).plan.by_stick_only) to_visit_.push_back(i);
    }
    if (to_visit_.size() == 1) return;
  }
  visit(sticks_.front(), to_visit_.back());
  to_visit_.pop_back();
  world_.events.after(40 * kSecond, [this] { round(); });
}

}  // namespace satchel::tests
