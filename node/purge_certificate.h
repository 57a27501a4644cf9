#pragma once

#include <set>

#include "core/base/result.h"
#include "node/node.h"

namespace satchel::node {

/// The certificate's files in `folder`: purge-certificate.json, signed by the hub, and purge-certificate.pdf for people. Gives
/// how many students and certified words stand in it, and how many words are still outstanding.
struct CertificateCounts {
  std::size_t students = 0;
  std::size_t certified = 0;
  std::size_t outstanding = 0;
  std::size_t pictures = 0;
};
core::Result<CertificateCounts> write_certificate(Node& node, const Enrolled& all, const std::string& folder);

}  // namespace satchel::node
