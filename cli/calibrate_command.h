#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/picture_folder.h"
#include "cli/program.h"
#include "core/portrait/likeness.h"

namespace satchel::cli {

/// `satchel recogniser calibrate`: measures the scale of a recogniser by pictures of people of whom no two are the same, and
/// writes it beside the model, without a node. `arguments`: "images" (files and folders as typed), "recogniser" (the model),
/// "face_model". Exit: ok; failure with too few faces (kTooFewPeople), and nothing is written; else of the error.
core::Exit run_calibrate(const boost::json::object& arguments, const Machine& machine, Console& console);

/// How the pictures of a calibration are looked at.
struct FaceSight {
  /// The face in a picture file; nullopt when it cannot be read or shows none.
  std::function<std::optional<core::portrait::FaceFeatures>(const std::string& path)> face;
  std::function<void(std::size_t done)> step;  ///< told after each picture
};
/// The work behind it, for a model that is loaded: "satchel.recogniser-calibrate/1". kTooFewPeople; of the disk.
core::Result<boost::json::object> measure_scale(core::Disk& disk, const core::portrait::ModelFile& model,
                                                const std::vector<PictureFile>& pictures, const FaceSight& sight);

}  // namespace satchel::cli
