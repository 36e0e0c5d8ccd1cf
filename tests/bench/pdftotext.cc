// What `pdftotext -bbox` does, in one process for all files: each page to words with boxes, which are printed (here into
// a buffer). Program starts are not part of it.
#include "rounds.h"

#include <Error.h>
#include <GlobalParams.h>
#include <PDFDoc.h>
#include <PDFDocFactory.h>
#include <Stream.h>
#include <TextOutputDev.h>
#include <cstdio>
#include <memory>
#include <string>

namespace
{

const double points = 72.0;

std::string escaped(const char *text)
{
    std::string out;
    for (; *text; text++)
        switch (*text) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        default:
            out += *text;
        }
    return out;
}

size_t print_page(PDFDoc *document, TextOutputDev *device, int page, std::string &out)
{
    document->displayPage(device, page, points, points, 0, true, false, false);
    std::unique_ptr<TextWordList> words = device->makeWordList();
    const int count = words ? words->getLength() : 0;
    for (int i = 0; i < count; i++) {
        char line[256];
        double x0, y0, x1, y1;
        TextWord *word = words->get(i);
        word->getBBox(&x0, &y0, &x1, &y1);
        snprintf(line, sizeof line, "    <word xMin=\"%f\" yMin=\"%f\" xMax=\"%f\" yMax=\"%f\">", x0, y0, x1, y1);
        out += line;
        out += escaped(std::unique_ptr<GooString>(word->getText())->c_str());
        out += "</word>\n";
    }
    return static_cast<size_t>(count);
}

size_t read_file(const bench_file &file, std::string &out)
{
    size_t words = 0;
    auto *stream = new MemStream(file.data, 0, static_cast<Goffset>(file.size), Object(objNull));
    PDFDoc document(stream);
    TextOutputDev device(nullptr, false, 0, false, false);
    for (int page = 1; document.isOk() && page <= document.getNumPages(); page++)
        words += print_page(&document, &device, page, out);
    return words;
}

} // namespace

int main(int count, char **items)
{
    globalParams = std::make_unique<GlobalParams>();
    setErrorCallback([](ErrorCategory, Goffset, const char *) {});
    const bench_file *files = bench_files(count - 1, items + 1);
    while (bench_next_round()) {
        size_t words = 0, bytes = 0;
        const double start = bench_seconds();
        for (int i = 0; i < count - 1; i++) {
            std::string out;
            words += read_file(files[i], out);
            bytes += out.size();
        }
        printf("{\"words\": %zu, \"bytes\": %zu, \"own\": %.6f}\n", words, bytes, bench_seconds() - start);
    }
    return 0;
}
