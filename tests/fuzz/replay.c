/* Runs a fuzz target over files and folders of files, where libFuzzer is not linked. Fails when there is nothing. */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    uint8_t *data = NULL;
    size_t size = 0;
    if (fseek(file, 0, SEEK_END) == 0) {
        long end = ftell(file);
        rewind(file);
        /* An exact block, so that the address sanitizer sees one byte too far. */
        data = malloc(end > 0 ? (size_t)end : 1);
        size = data && end > 0 ? fread(data, 1, (size_t)end, file) : 0;
    }
    fclose(file);
    if (data)
        LLVMFuzzerTestOneInput(data, size);
    free(data);
    return data ? 1 : 0;
}

static int replay_path(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return 0;
    if (!S_ISDIR(info.st_mode))
        return replay_file(path);
    DIR *folder = opendir(path);
    int count = 0;
    for (struct dirent *entry = folder ? readdir(folder) : NULL; entry; entry = readdir(folder)) {
        char name[PATH_MAX];
        if (entry->d_name[0] == '.' || snprintf(name, sizeof name, "%s/%s", path, entry->d_name) >= (int)sizeof name)
            continue;
        count += replay_path(name);
    }
    if (folder)
        closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += replay_path(argv[i]);
    printf("%d inputs replayed\n", count);
    return count > 0 ? 0 : 1;
}
