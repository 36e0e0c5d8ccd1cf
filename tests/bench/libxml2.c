/* A parse of the same bytes by libxml2 into its tree, with the options that it has for no network and no noise. */
#include "rounds.h"

#include <libxml/parser.h>
#include <stdio.h>

int main(int count, char **items)
{
    const bench_file *files = bench_files(count - 1, items + 1);
    xmlInitParser();
    while (bench_next_round()) {
        int read = 0;
        double start = bench_seconds();
        for (int i = 0; i < count - 1; i++) {
            xmlDoc *document = xmlReadMemory(files[i].data, (int)files[i].size, NULL, NULL,
                                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
            read += document != NULL;
            xmlFreeDoc(document);
        }
        printf("{\"read\": %d, \"own\": %.6f}\n", read, bench_seconds() - start);
    }
    return 0;
}
