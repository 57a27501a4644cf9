#pragma once

namespace satchel::node {

/// For the beginning of main(). Memory that is freed stays with the process, up to 16 MiB, and blocks of up to 4 MiB come out of
/// it: bodies and pictures are taken and let go of hundreds of times a second, and glibc would by default give their pages back
/// and have the kernel clear new ones each time, a quarter of what taking in a photo cost. Elsewhere than on glibc it does
/// nothing.
void keep_freed_memory();

}  // namespace satchel::node
