#pragma once

#include <boost/json/object.hpp>

#include "cli/program.h"

namespace satchel::cli {

/// `satchel guide`: hints frame by frame. `arguments`: "frames" (a folder, in order of names; "-": PPM
/// frames on standard input) or "camera" (a number), "best" (a
/// file to write), "seconds" (how long to watch a camera), "profile". One "satchel.guide/1" document a frame, with JSON; for
/// people a line whenever the hints change. In the end a "satchel.guide-best/1" document: of the eight frames with the best
/// scores the one that the judge likes best. From a folder "best" gets that file's bytes as they are. Exit: ok; nothing_to_do
/// when no frame was usable; failure when the camera or a folder cannot be read.
core::Exit run_guide(const boost::json::object& arguments, const Machine& machine, Console& console);

}  // namespace satchel::cli
