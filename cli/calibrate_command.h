#pragma once

#include <boost/json/object.hpp>

#include "cli/program.h"

namespace satchel::cli {

/// `satchel recogniser calibrate`: measures the scale of a recogniser by pictures of people of whom no two are the same, and
/// writes it beside the model, without a node. `arguments`: "images" (files and folders as typed), "recogniser" (the model),
/// "face_model". Exit: ok; failure with too few faces (kTooFewPeople), and nothing is written; else of the error.
core::Exit run_calibrate(const boost::json::object& arguments, const Machine& machine, Console& console);

}  // namespace satchel::cli
