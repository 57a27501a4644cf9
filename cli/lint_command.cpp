#include "cli/lint_command.h"

#include "cli/command_line.h"
#include "cli/document.h"
#include "core/campaign/profile.h"
#include "node/answer.h"
#include "node/picture_limits.h"

namespace satchel::cli {
namespace {

// Ours: larger ones are refused by lint itself, with its own words.
constexpr std::uint64_t kProfileBytesMax = 1'000'000;

boost::json::object fault_document(const core::ProfileFault& fault) {
  return {{"line", fault.line},
          {"key", fault.key},
          {"code", core::fault_code(fault)},
          {"zh", core::fault_text(fault, true)},
          {"en", core::fault_text(fault, false)}};
}

core::Result<boost::json::object> lint_one(const std::string& file, const Machine& machine) {
  SATCHEL_TRY_ASSIGN(const core::Bytes bytes,
                     machine.surroundings.disk.read(absolute_path(file, machine.folder), kProfileBytesMax));
  if (bytes.empty()) return core::Error{core::Code::kFileEmpty, {}};
  const core::ProfileLint lint = core::lint_profile(core::as_text(bytes));
  // How the limits of the picture fit together only the judge knows.
  if (lint.faults.empty()) SATCHEL_TRY(node::picture_limits(lint.profile));
  boost::json::array faults;
  for (const core::ProfileFault& fault : lint.faults) faults.push_back(fault_document(fault));
  return boost::json::object{{"schema", "satchel.lint/1"},
                             {"file", file},
                             {"name", lint.profile.name},
                             {"windows", lint.profile.windows.size()},
                             {"faults", std::move(faults)}};
}

}  // namespace

core::Exit run_lint(const boost::json::object& arguments, const Machine& machine, Console& console) {
  core::Exit exit = core::Exit::ok;
  for (const boost::json::value& file : list_of(arguments, "files")) {
    if (!file.is_string()) continue;
    const std::string name(file.get_string());
    const auto document = lint_one(name, machine);
    if (!document) {
      console.answer({{"schema", "satchel.lint/1"}, {"file", name}, {"error", node::error_item(document.error())}});
      exit = core::Exit::failure;
      continue;
    }
    if (!list_of(*document, "faults").empty() && exit == core::Exit::ok) exit = core::Exit::check_failed;
    console.answer(*document);
  }
  return exit;
}

}  // namespace satchel::cli
