#pragma once

#include <boost/json/object.hpp>
#include <ostream>
#include <string_view>

#include "cli/render.h"
#include "core/base/result.h"

namespace satchel::cli {

/// Where words go. Borrowed from main, or from a test.
struct Streams {
  std::ostream& out;
  std::ostream& talk;
  bool out_is_terminal = false;
  bool talk_is_terminal = false;
  bool colour = true;  ///< false when NO_COLOR is set (no-color.org); colour also needs a terminal
};

/// Data to standard output, talk to standard error; with JSON nothing but documents on standard output.
class Console {
 public:
  Console(Streams streams, Language language, bool json);
  const View& view() const noexcept { return view_; }
  bool json() const noexcept { return json_; }

  /// A document with "lines" becomes one line each.
  void answer(const boost::json::object& document);
  /// `suggestion`: one more key of the JSON document, left out when empty.
  void error(const core::Error& error, std::string_view suggestion = {});
  /// The same, and the exit that goes with it.
  core::Exit refuse(const core::Error& error);
  void say(std::string_view text);
  /// A line that the next one overwrites, on a terminal only; with an empty text it is wiped away.
  void progress(std::string_view line);
  /// False when standard output took not everything (a full disk, a closed pipe).
  bool finish();

 private:
  void print(const boost::json::object& document);
  Streams streams_;
  bool json_;
  View view_;
  std::size_t progress_width_ = 0;
};

}  // namespace satchel::cli
