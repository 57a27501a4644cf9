#pragma once

#include <boost/json/object.hpp>

#include "cli/program.h"

namespace satchel::cli {

/// `satchel campaign lint`: tells everything that is wrong with profiles, without a node. `arguments`: "files" (paths as typed).
/// One document a file, in order. Exit: failure when one cannot be read, else check_failed when one has a mistake, else ok.
core::Exit run_lint(const boost::json::object& arguments, const Machine& machine, Console& console);

}  // namespace satchel::cli
