#include "cli/watch_command.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/document.h"
#include "node/mounts.h"

namespace satchel::cli {
namespace {

namespace fs = std::filesystem;
using core::Code;
using core::Exit;

/// How often to look when nothing was mounted: folders that are no mounts come without a word from the kernel.
constexpr int kLookMs = 1'000;

class Watch {
 public:
  Watch(const boost::json::object& arguments, const std::string& home, const Machine& machine, Console& console)
      : under_(text_of(arguments, "under")),
        asks_(!flag_of(arguments, "yes")),
        home_(home),
        machine_(machine),
        console_(console) {}

  Exit run(bool once) {
    node::MountWatch changes;
    console_.say(words()(Phrase::watch_waiting) + "\n");
    std::set<std::string> seen;
    while (true) {
      const std::set<std::string> here = sticks();
      std::erase_if(seen, [&](const std::string& folder) { return !here.contains(folder); });
      for (const std::string& folder : here) {
        if (!seen.insert(folder).second) continue;
        one(folder);
        if (once) return worst_;
      }
      changes.wait(kLookMs);
    }
  }

 private:
  const Words& words() const { return console_.view().words; }

  std::set<std::string> sticks() const {
    std::set<std::string> out;
    if (under_.empty()) {
      for (const node::Mount& mount : node::mounted_sticks()) out.insert(mount.folder);
      return out;
    }
    std::error_code none;
    for (fs::directory_iterator at{under_, none}, end; !none && at != end; at.increment(none)) {
      std::error_code unknown;
      if (at->is_directory(unknown)) out.insert(at->path().string());
    }
    return out;
  }

  void one(const std::string& folder) {
    console_.say(words()(Phrase::watch_found, {folder}) + "\n");
    if (asks_ && !agreed()) {
      console_.say(words()(Phrase::watch_left_alone) + "\n");
      return;
    }
    console_.progress(words()(Phrase::watch_reading));
    if (!read(folder)) return;
    console_.progress(words()(Phrase::watch_writing));
    write(folder);
  }

  bool agreed() const {
    console_.say(words()(Phrase::watch_ask));
    const auto line = machine_.read_line();
    return line && (*line == "y" || *line == "Y" || *line == "yes" || *line == "是");
  }

  /// False when the stick is gone.
  bool read(const std::string& folder) {
    const auto answer = machine_.call(home_, "stick.read", {{"dir", folder}}, {});
    if (answer) {
      console_.answer(answer->body);
      note(answer->exit);
      return true;
    }
    if (answer.error().code == Code::kStickEmpty) return true;  // a fresh one
    return !failed(folder, answer.error());
  }

  void write(const std::string& folder) {
    auto answer = machine_.call(home_, "stick.write", {{"dir", folder}}, {});
    if (!answer) {
      failed(folder, answer.error());
      return;
    }
    if (!node::sync_file_system(folder)) {
      failed(folder, core::Error{Code::kDiskWrite, folder});
      return;
    }
    const std::string why_not = is_mounted(folder) ? node::unmount(folder) : std::string();
    answer->body["folder"] = folder;
    answer->body["unmounted"] = why_not.empty();
    // Whatever of this was not ours to do: all that we wrote is on the stick.
    if (!why_not.empty()) console_.say(words()(Phrase::watch_still_mounted, {why_not}) + "\n");
    console_.answer(answer->body);
    if (answer->exit != Exit::nothing_to_do) note(answer->exit);
  }

  static bool is_mounted(const std::string& folder) {
    const auto all = node::mounts();
    return std::ranges::any_of(all, [&](const node::Mount& mount) { return mount.folder == folder; });
  }

  /// True when the reason is that somebody pulled the stick out.
  bool failed(const std::string& folder, const core::Error& error) {
    note(core::info(error.code).exit);
    if (!sticks().contains(folder)) {
      if (console_.json()) {
        console_.error(error);
      } else {
        console_.say(words()(Phrase::watch_pulled) + "\n");
      }
      return true;
    }
    console_.error(error);
    return false;
  }

  void note(Exit exit) {
    if (exit != Exit::ok) worst_ = exit;
  }

  std::string under_;
  bool asks_;
  const std::string& home_;
  const Machine& machine_;
  Console& console_;
  Exit worst_ = Exit::ok;
};

}  // namespace

Exit run_stick_watch(const boost::json::object& arguments, bool no_input, const std::string& home, const Machine& machine,
                     Console& console) {
  if (!flag_of(arguments, "yes") && (no_input || !machine.read_line)) {
    console.error({Code::kUsage, console.view().words(Phrase::watch_needs_yes)});
    return Exit::usage;
  }
  return Watch{arguments, home, machine, console}.run(flag_of(arguments, "once"));
}

}  // namespace satchel::cli
