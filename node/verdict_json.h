#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "core/portrait/catalogue.h"
#include "core/portrait/verdict.h"

namespace satchel::node {

/// A "satchel.check/1" document. Coordinates are pixels of the picture as a viewer shows it. "findings" holds what failed or has
/// advice; what a rule could not see stands in "unseen", and what passed, with its numbers, in "passed". A limit's open end and a
/// value that could not be measured are null; numbers are rounded to thousandths. "face" is null without a face.
/// "unseen" says why and what a person does instead; "checklist" is what no rule can see and the operator looks at.
/// `file`: as the user named it. `elapsed_ms`: null when not measured. `explain`: each finding also has "source_zh" and
/// "source_en", where its rule comes from and what its number is.
boost::json::object verdict_document(const core::portrait::Verdict& verdict, std::string_view file,
                                     std::optional<double> elapsed_ms, bool explain = false);

/// One item of the operator's checklist: code, zh, en.
boost::json::object check_item(const core::portrait::CheckItem& item);

}  // namespace satchel::node
