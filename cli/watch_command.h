#pragma once

#include <boost/json/object.hpp>

#include "cli/program.h"

namespace satchel::cli {

/// `satchel stick watch`: waits for a stick, asks, reads what it brings, writes what is due, unmounts it where that is allowed,
/// and says that it can be removed, once everything has been synced and read back. `arguments`: "under" (each folder directly
/// below it counts as a stick; without it, what the kernel calls removable), "yes" (do not ask), "once" (end after the first
/// one). `no_input`: asking is an error (kUsage). Documents: those of stick read and write, the latter with "folder" and
/// "unmounted". Ends with --once or Ctrl-C. Exit: of the worst that happened.
core::Exit run_stick_watch(const boost::json::object& arguments, bool no_input, const std::string& home, const Machine& machine,
                           Console& console);

}  // namespace satchel::cli
