#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/portrait/faces.h"
#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

/// retakes.faces ("class", "site", "limit"): one face under two students, and two faces under one, by the recogniser that
/// $SATCHEL_RECOGNISER names. What it sees in a face is personal and is kept nowhere: it is worked out of the standard pictures
/// that lie here, in memory, each time anew, and so goes with the pictures when they are purged. At the hub. satchel.faces/1.
/// kUsage without a recogniser.
core::Result<Answer> compare_faces(Node& node, const boost::json::object& arguments, const Progress& progress);

/// Whose pictures are compared, and how.
struct FaceSearch {
  std::string site;        ///< empty: all
  std::string class_name;  ///< empty: all
  std::size_t most = 0;    ///< lines of each list
  core::portrait::RecogniserScale scale;
  /// The face in a standard picture; nullopt when none is seen.
  std::function<std::optional<core::portrait::FaceFeatures>(core::ByteView jpeg)> face;
};
/// The work behind it.
core::Result<Answer> search_faces(const Ledger& ledger, const core::Store& store, const FaceSearch& search,
                                  const Progress& progress);

}  // namespace satchel::node
