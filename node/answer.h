#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/codes.h"
#include "core/base/disk.h"
#include "core/base/result.h"

namespace satchel::core {
struct Lock;
}

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
/// What was found and what to do about it, in both languages: of a message of any catalogue.
template <class Message>
void put_words(boost::json::object& out, const Message& message) {
  out["zh"] = message.zh;
  out["en"] = message.en;
  out["cure_zh"] = message.cure_zh;
  out["cure_en"] = message.cure_en;
}
/// Why no picture may be taken now, and until when.
boost::json::object lock_document(const core::Lock& lock);
boost::json::array text_array(const std::vector<std::string>& texts);

/// A file that the person named, for paths as below. What Disk::read says, and kFileEmpty, with the path.
core::Result<core::Bytes> read_named(const core::Disk& disk, const std::string& path, std::uint64_t most);
/// The same error, with the file or folder that the person named; for paths that cannot hold a student's number.
core::Error at_path(core::Error error, const std::string& path);

}  // namespace satchel::node
