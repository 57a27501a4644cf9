#pragma once

#include <string>

namespace satchel::node {

/// Where the parts of one node's state lie. One folder a node; nothing of Satchel is kept elsewhere.
struct Home {
  std::string path;

  std::string key_file() const { return path + "/identity.key"; }
  std::string recovery_file() const { return path + "/recovery.key"; }  ///< the hub's only; to be carried away and locked up
  std::string high_water_file() const {
    return path + "/highwater";
  }  ///< outside the database on purpose: core/record/high_water.h
  std::string database() const { return path + "/db"; }
  std::string trial_folder() const { return path + "/trial"; }  ///< of a dry run; node/trial.h
  std::string socket() const { return path + "/node.sock"; }
  std::string log_folder() const { return path + "/log"; }
  std::string log_file() const { return path + "/log/satchel.log"; }
};

}  // namespace satchel::node
