#pragma once

#include <boost/json/object.hpp>
#include <functional>

#include "core/base/codes.h"
#include "core/base/result.h"

namespace satchel::node {

/// What an operation gives back: one JSON document with a "schema" (or "lines": documents to print one a line), and how it went.
/// An operation that did its work but has something to say about it (some rows refused, a check failed) answers with `exit` not
/// ok; one that could do nothing gives an Error.
struct Answer {
  boost::json::object body;
  core::Exit exit = core::Exit::ok;
};

/// Called with small documents while a long operation goes on; never required for its result.
using Progress = std::function<void(const boost::json::object&)>;

/// {"schema":"satchel.error/1","code":"E-…","exit":n,"zh":…,"cure_zh":…,"en":…,"cure_en":…,"detail":…}
boost::json::object error_document(const core::Error& error);
/// The same for one item inside a document: no schema.
boost::json::object error_item(const core::Error& error);
/// The same error, with the file or folder that the person named; for paths that cannot hold a student's number.
core::Error at_path(core::Error error, const std::string& path);

}  // namespace satchel::node
