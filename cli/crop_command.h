#pragma once

#include <boost/json/object.hpp>

#include "cli/program.h"

namespace satchel::cli {

/// `satchel crop`: makes the standard picture of a file as capture does, without a node. `arguments`: "image", "out" (paths as
/// typed), "nudge" ("dx,dy,scale", the scale may be left out), "profile". Answers with a "satchel.crop/1" document: where the
/// crop was taken, in source pixels, and what the file holds. Exit: ok; usage for a nudge that is none; else of the error.
core::Exit run_crop(const boost::json::object& arguments, const Machine& machine, Console& console);

}  // namespace satchel::cli
