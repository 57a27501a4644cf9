#pragma once

// Planted: uses std::vector without including <vector>.
inline std::vector<int> leans_on_others() { return {}; }
