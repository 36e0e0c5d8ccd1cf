/* What corrections taught, from the session's profile and the host's hook. */
#ifndef DX_ABI_LEARN_H
#define DX_ABI_LEARN_H

#include "abi/session.h"
#include "core/learn/learn.h"

/* Fills the source for a call; borrowed: the session. NULL: learning is off for the call or the engine, or nothing is
 * there that could know something. */
const dx_correction_source *dx_session_corrections(doxin_session *session, const char *call, const doxin_options *opts,
                                                   dx_correction_source *source);

#endif
