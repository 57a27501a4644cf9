#include "cli/version.h"

namespace satchel::cli {

std::string_view version() { return SATCHEL_VERSION; }

}  // namespace satchel::cli
