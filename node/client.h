#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "node/answer.h"
#include "node/surroundings.h"

namespace satchel::node {

/// Runs one operation of the table (node/operations.h) on the node that lives in `home`: through its Unix socket when it runs,
/// else here in this process (doctor: always here). Paths in `arguments` are absolute. Blocks until done; `progress` may be
/// empty.
core::Result<Answer> call(const Surroundings& surroundings, const std::string& home, std::string_view operation,
                          const boost::json::object& arguments, const Progress& progress);

struct RunOptions {
  std::string home;
  std::string listen;              ///< HOST:PORT, port 0 picks one; empty: none
  std::vector<std::string> peers;  ///< HOST:PORT each: met again and again
  bool lan = true;                 ///< look for the campaign's nodes on the local network, and be found there
  std::string carrier;             ///< "auto", "udp", "tcp"; empty: auto. Answers by the same
};

/// Runs the node in the foreground until SIGTERM or SIGINT, then stops cleanly. `ready` is called once, with
/// {"schema":"satchel.run/1","listen":"HOST:PORT" or null,"datagrams":true or false,"lan":true or
/// false,"role":…,"name":…,"pid":…}, when it listens and the local socket is up.
core::Result<void> run_node(const Surroundings& surroundings, const RunOptions& options, const Progress& ready);

}  // namespace satchel::node
