#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/paint.h"
#include "cli/words.h"
#include "core/base/result.h"

namespace satchel::cli {

/// How people are spoken to.
struct View {
  Words words;
  Paint data;  ///< for standard output
  Paint talk;  ///< for standard error
};

/// An answer in sentences and tables: `data` is what was asked for (standard output), `talk` what else should be said, such as
/// the next step (standard error). Each is empty or ends with a line break.
struct Rendered {
  std::string data;
  std::string talk;
};

/// Renders the documents of all operations and of "check" by their "schema"; a document that we do not know is shown as JSON.
Rendered render(const boost::json::object& answer, const View& view);

/// What happened, its stable code, the detail if there is one, and what to do.
std::string render_error(const core::Error& error, const View& view);

}  // namespace satchel::cli
