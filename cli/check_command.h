#pragma once

#include <boost/json/object.hpp>

#include "cli/program.h"

namespace satchel::cli {

/// `satchel check`: judges pictures without a node. `arguments`: "images" (paths as typed), "profile", "overlay",
/// "face_model" (else the environment's SATCHEL_FACE_MODEL; a model that cannot be used is an error, not silence), "explain". One
/// document a picture, in order; a picture that cannot be read gets one with "error", and the others go on. Exit: failure when
/// one could not be read (or its overlay not written), else check_failed when one failed, else ok.
///
/// "elapsed_ms" is the time for one picture from opening its file to its verdict; the detectors are loaded once before.
core::Exit run_check(const boost::json::object& arguments, const Machine& machine, Console& console);

/// Where the overlay of picture `index` (from 0) of `count` goes: `overlay` itself for one picture, else NAME-1.png, NAME-2.png,
/// …
std::string overlay_path(const std::string& overlay, std::size_t index, std::size_t count);

}  // namespace satchel::cli
