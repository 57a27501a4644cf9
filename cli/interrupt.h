#pragma once

#include <string>

namespace satchel::cli {

/// From now on SIGINT (Ctrl-C) writes `out` to standard output and `talk` to standard error, then ends the process with exit code
/// 130. Nothing is undone: every operation is safe against a stop at any moment. At most 1,000 bytes of each are kept.
void end_on_interrupt(const std::string& out, const std::string& talk);

}  // namespace satchel::cli
