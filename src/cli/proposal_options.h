/* What the commands that take proposals share: the file, how it is read, how it meets the network.
 */
#ifndef CLI_PROPOSAL_OPTIONS_H
#define CLI_PROPOSAL_OPTIONS_H

#include "cli/cli.h"

enum { CLI_PROPOSAL_KEYS = 200 }; /* the keys of these options: this and above */

extern const cli_option cli_proposal_options[];
/* An option of the table above; false when the value is bad. */
bool cli_proposal_take(cli_call *call, hsd_proposal_source *source, hsd_resolve_options *resolve,
                       int key, const char *value);
#endif
