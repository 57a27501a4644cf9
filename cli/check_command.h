#pragma once

#include <boost/json/object.hpp>

#include "cli/program.h"

namespace satchel::cli {

/// `satchel check`: judges pictures without a node. `arguments`: "images" (files and folders, as typed), "profile", "overlay",
/// "csv" (a table to write), "jobs" (pictures at a time; 2), "face_model" (else the environment's SATCHEL_FACE_MODEL; a model
/// that cannot be used is an error, not silence), "explain". One document a picture, in order; a picture that cannot be read gets
/// one with "error", and the others go on. With a folder among the images a summary follows, and for people it is all that is
/// shown. Exit: failure when one could not be read (or its overlay not written), else check_failed when one failed, else ok;
/// nothing_to_do when there was no picture.
///
/// "elapsed_ms" is the time for one picture from opening its file to its verdict; the detectors are loaded once before.
core::Exit run_check(const boost::json::object& arguments, const Machine& machine, Console& console);

}  // namespace satchel::cli
