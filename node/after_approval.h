#pragma once

#include "node/answer.h"
#include "node/node.h"

namespace satchel::node {

// What follows an approval, as operations of the table (operations.h): proofing by the student, corrections, delivery.

/// proof.mark: "right" or "wrong" (names of fields) for "students", or for the 学号 of the file "list". Also at a site, for its
/// own students.
core::Result<Answer> mark_proof(Node& node, const boost::json::object& arguments, const Progress& progress);
/// proof.list: who has been exported and has not said "right" yet, with the days that are left.
core::Result<Answer> list_proofs(Node& node, const boost::json::object& arguments, const Progress& progress);
/// errata.open and errata.close.
core::Result<Answer> open_errata(Node& node, const boost::json::object& arguments, const Progress& progress);
core::Result<Answer> close_errata(Node& node, const boost::json::object& arguments, const Progress& progress);
/// deliver: handed over to "students", the file "list", or everybody of "class" who may have it.
core::Result<Answer> deliver(Node& node, const boost::json::object& arguments, const Progress& progress);

/// purge: destroys what is due by the profile's retention, here and, by signed orders, at the sites; with "dry_run" says what is
/// due. With "out": writes the certificate there.
core::Result<Answer> purge(Node& node, const boost::json::object& arguments, const Progress& progress);
/// purge.certificate: writes what all nodes have certified so far to "out", signed.
core::Result<Answer> write_purge_certificate(Node& node, const boost::json::object& arguments, const Progress& progress);
/// purge.verify: whether the certificate in "file" is this campaign's hub's, unchanged. kCertificateBad.
core::Result<Answer> verify_purge_certificate(Node& node, const boost::json::object& arguments, const Progress& progress);

/// papers.*: "kind" of paper into the folder "out", of one "class" or of all.
core::Result<Answer> make_paper(Node& node, const boost::json::object& arguments, const Progress& progress);

/// The site that hears of what is decided about a student: its own. nullopt when that is the hub, or not trusted any more.
std::optional<core::Audience> site_of(const Enrolled& all, const core::StudentState& state);

}  // namespace satchel::node
