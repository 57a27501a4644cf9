#pragma once

#include <string>

#include "core/base/disk.h"
#include "core/base/rng.h"
#include "core/base/time.h"

namespace satchel::node {

/// What a node takes from the machine; built once in main and handed down. All references outlive every node.
struct Surroundings {
  core::Disk& disk;
  core::Clock& clock;
  core::Rng& rng;
  std::string passphrase;  ///< for the key file; empty: none. From SATCHEL_PASSPHRASE
};

}  // namespace satchel::node
