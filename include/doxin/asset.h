/** @file doxin/asset.h
 *  Knowledge in memory, built from bytes, shared by threads, used instead of a database.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <string.h>
 *  int main(void)
 *  {
 *      const char *profile = "{\"schema\": \"doxin.profile/1\", \"own_names\": [\"Example Trading Ltd\"]}";
 *      doxin_engine *engine = NULL;
 *      doxin_session *session = NULL;
 *      doxin_asset *asset = NULL;
 *      if (!doxin_engine_open(NULL, &engine) && !doxin_session_open(engine, NULL, &session) &&
 *          !doxin_asset_open(session, "profile", profile, strlen(profile), NULL, &asset))
 *          doxin_session_use(session, asset);
 *      doxin_asset_free(asset);
 *      doxin_session_free(session);
 *      doxin_engine_free(engine);
 *      return asset ? 0 : 1;
 *  }
 *  @endcode
 *
 *  Kinds: "profile" (schema doxin.profile/1: own_names, languages, country of the user, and corrections: what
 *  doxin_invoice_learn() taught, schema doxin.corrections/1), "policy" (schema doxin.sql-policy/1: what generated SQL may
 *  read, see doxin/sql.h). An asset is a snapshot: what a session took with doxin_session_use() does not change when the
 *  asset is added to. */
#ifndef DOXIN_ASSET_H
#define DOXIN_ASSET_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Build an asset.
 *  @param session   borrowed; one thread at a time
 *  @param kind      borrowed: "policy" or "profile"
 *  @param data      borrowed until return: JSON of the kind's schema
 *  @param data_len  bytes of data
 *  @param opts      NULL
 *  @param out       set to a new asset owned by the caller, free with doxin_asset_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_INVALID (no such kind), DOXIN_E_JSON, DOXIN_E_FIELD (a member is wrong; the error names
 *           it), DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_asset_open(doxin_session *session, const char *kind, const void *data,
                                                        size_t data_len, const doxin_options *opts, doxin_asset **out);

/** Add to an asset: it becomes a new snapshot; sessions that use the old one keep it.
 *  @param session   borrowed; one thread at a time
 *  @param asset     borrowed
 *  @param data      borrowed until return: JSON of the kind's schema; a profile's lists are joined (a memory of
 *                   corrections takes the place of the one with its key), its other members replaced; a policy is
 *                   replaced as a whole
 *  @param data_len  bytes of data
 *  @param opts      NULL
 *  @return  as doxin_asset_open(); on failure the asset is as it was
 *  @threads one at a time for the session; the asset may be in use by others   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_asset_add(doxin_session *session, doxin_asset *asset, const void *data, size_t data_len,
                                       const doxin_options *opts);

/** The asset as bytes to keep.
 *  @param session  borrowed; one thread at a time
 *  @param asset    borrowed
 *  @param out      set to bytes owned by the caller, free with doxin_bytes_free(); doxin_asset_open() takes them again
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_asset_save(doxin_session *session, doxin_asset *asset, doxin_bytes **out);

/** Free an asset. Sessions that use it keep their snapshot.
 *  @param asset  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_asset_free(doxin_asset *asset);

#ifdef __cplusplus
}
#endif
#endif
