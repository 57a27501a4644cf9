#pragma once

#include <boost/json/object.hpp>

#include "cli/program.h"

namespace satchel::cli {

/// `satchel station-test`: grades the place before the class comes, by a test shot. `arguments`: "image" (as typed), "profile".
/// Answers with a "satchel.station/1" document. Exit: check_failed when an item fails; failure when the shot cannot be read.
core::Exit run_station_test(const boost::json::object& arguments, const Machine& machine, Console& console);

}  // namespace satchel::cli
