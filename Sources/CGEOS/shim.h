// Only the reentrant interface: one handle a thread, no hidden global state.
#define GEOS_USE_ONLY_R_API
#include <geos_c.h>
