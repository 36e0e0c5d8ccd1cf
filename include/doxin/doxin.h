/** @file doxin/doxin.h
 *  All of DoxIn: invoices into data that a bookkeeper can trust.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int main(void)
 *  {
 *      puts(doxin_version());
 *      return 0;
 *  }
 *  @endcode
 *
 *  Start with doxin/types.h for the rules, doxin/engine.h and doxin/session.h for the two handles, and doxin/extract.h
 *  for what DoxIn is there for. */
#ifndef DOXIN_DOXIN_H
#define DOXIN_DOXIN_H

#include "doxin/admin.h"
#include "doxin/asset.h"
#include "doxin/call.h"
#include "doxin/document.h"
#include "doxin/engine.h"
#include "doxin/errors.h"
#include "doxin/extract.h"
#include "doxin/invoice.h"
#include "doxin/money.h"
#include "doxin/options.h"
#include "doxin/session.h"
#include "doxin/sql.h"
#include "doxin/task.h"
#include "doxin/types.h"
#include "doxin/value.h"

#endif
