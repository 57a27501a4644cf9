#include "cli/program.h"

#include <boost/json/serialize.hpp>

#include "cli/calibrate_command.h"
#include "cli/check_command.h"
#include "cli/command_line.h"
#include "cli/crop_command.h"
#include "cli/document.h"
#include "cli/guide_command.h"
#include "cli/lint_command.h"
#include "cli/station_command.h"
#include "cli/text.h"
#include "cli/version.h"
#include "cli/watch_command.h"

namespace satchel::cli {
namespace {

using core::Exit;

std::string progress_line(const boost::json::object& document, const Words& w) {
  const std::string phase = text_of(document, "phase");
  const std::string sent = size_text(count_of(document, "sent_bytes"));
  const std::string received = size_text(count_of(document, "received_bytes"));
  if (phase == "capture") {
    return w(Phrase::folder_progress, {std::to_string(count_of(document, "done")), std::to_string(count_of(document, "files"))});
  }
  if (phase == "connect") return w(Phrase::sync_connecting);
  if (phase == "codes")
    return w(Phrase::code_check_progress, {std::to_string(count_of(document, "read")), std::to_string(count_of(document, "of"))});
  if (phase == "issue") return w(Phrase::codes_progress, {std::to_string(count_of(document, "issued"))});
  if (phase == "resolve") return w(Phrase::resolve_progress, {std::to_string(count_of(document, "asked"))});
  if (phase == "link") return w(Phrase::sync_linking);
  if (phase == "wait") return w(Phrase::sync_wait, {sent, received});
  return w(Phrase::sync_transfer, {sent, received, size_text(count_of(document, "to_send_bytes"))});
}

Exit run_operation(const Invocation& invocation, const std::string& home, const Machine& machine, Console& console) {
  const node::Progress progress = [&](const boost::json::object& document) {
    console.progress(progress_line(document, console.view().words));
  };
  const core::Result<node::Answer> answer = machine.call(home, invocation.command->operation, invocation.arguments, progress);
  if (!answer) return console.refuse(answer.error());
  console.answer(answer->body);
  return answer->exit;
}

Exit run_in_foreground(const Invocation& invocation, const std::string& home, const Machine& machine, Console& console) {
  node::RunOptions options;
  options.home = home;
  options.listen = text_of(invocation.arguments, "listen");
  for (const boost::json::value& peer : list_of(invocation.arguments, "peers")) {
    if (peer.is_string()) options.peers.emplace_back(peer.get_string());
  }
  options.lan = !flag_of(invocation.arguments, "no_lan");
  options.carrier = text_of(invocation.arguments, "carrier");
  const core::Result<void> ended = machine.run_node(options, [&](const boost::json::object& ready) { console.answer(ready); });
  if (ended) return Exit::ok;
  return console.refuse(ended.error());
}

Exit run_invocation(const Invocation& invocation, const Globals& globals, const Machine& machine, Console& console) {
  const std::string_view operation = invocation.command->operation;
  if (operation == "version") {
    console.answer({{"schema", "satchel.version/1"}, {"version", version()}});
    return Exit::ok;
  }
  if (operation == "campaign.lint") return run_lint(invocation.arguments, machine, console);
  if (operation == "check") return run_check(invocation.arguments, machine, console);
  if (operation == "station-test") return run_station_test(invocation.arguments, machine, console);
  if (operation == "guide") return run_guide(invocation.arguments, machine, console);
  if (operation == "recogniser.calibrate") return run_calibrate(invocation.arguments, machine, console);
  if (operation == "crop") return run_crop(invocation.arguments, machine, console);
  const core::Result<std::string> home = home_folder(globals, machine.environment, machine.folder);
  if (!home) return console.refuse(home.error());
  if (operation == "stick.watch") {
    return run_stick_watch(invocation.arguments, globals.no_input, *home, machine, console);
  }
  if (operation == "run") return run_in_foreground(invocation, *home, machine, console);
  return run_operation(invocation, *home, machine, console);
}

void arm_interrupt(const Machine& machine, const Console& console) {
  const core::Error interrupted{core::Code::kInterrupted, {}};
  const std::string talk = "\n" + console.view().words(Phrase::interrupted) + "\n";
  if (console.json()) {
    machine.on_interrupt(boost::json::serialize(node::error_document(interrupted)) + "\n", "");
  } else {
    machine.on_interrupt("", talk);
  }
}

void show_help(const Help& help, const Machine& machine, Console& console) {
  if (console.json()) {
    console.answer({{"schema", "satchel.help/1"}, {"text", help.text}});
  } else {
    machine.streams.out << help.text;
  }
}

}  // namespace

int run_program(std::span<const std::string> words, const Machine& machine) {
  const ParsedLine line = parse_command_line(words, machine.environment, machine.folder);
  Console console(machine.streams, line.globals.language, line.globals.json);
  Exit exit = Exit::ok;
  if (const auto* problem = std::get_if<UsageProblem>(&line.what)) {
    console.error({core::Code::kUsage, problem->problem}, problem->suggestion);
    exit = Exit::usage;
  } else if (const auto* help = std::get_if<Help>(&line.what)) {
    show_help(*help, machine, console);
  } else {
    const Invocation& invocation = std::get<Invocation>(line.what);
    // A running node ends cleanly by itself on SIGINT.
    if (invocation.command->operation != "run" && machine.on_interrupt) arm_interrupt(machine, console);
    exit = run_invocation(invocation, line.globals, machine, console);
  }
  if (!console.finish() && exit == Exit::ok) exit = Exit::failure;  // the answer did not reach its reader
  return static_cast<int>(exit);
}

}  // namespace satchel::cli
